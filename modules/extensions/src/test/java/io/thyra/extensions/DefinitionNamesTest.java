package io.thyra.extensions;

import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.model.ObjectValue;
import java.util.List;
import org.junit.jupiter.api.Test;

class DefinitionNamesTest {
  private static ObjectValue definition(String plural, String kind, String accepted) {
    return Json.object(
        "{'spec':{'group':'g.dev','names':{'plural':'" + plural + "','singular':'" + kind.toLowerCase(java.util.Locale.ROOT)
            + "','kind':'" + kind + "','listKind':'" + kind + "List'}},'status':{'acceptedNames':" + accepted + "}}");
  }

  @Test
  void acceptsNamesThatNobodyHas() {
    DefinitionNames names = DefinitionNames.of(definition("as", "A", "{}"), List.of());
    assertThat(names.condition().status()).isEqualTo("True");
    assertThat(names.accepted()).isEqualTo(Json.object("{'plural':'as','singular':'a','kind':'A','listKind':'AList'}"));
  }

  @Test
  void refusesTheKindOfAnother() {
    ObjectValue first = definition("as", "A", "{'plural':'as','singular':'a','kind':'A','listKind':'AList'}");
    DefinitionNames names = DefinitionNames.of(definition("bs", "A", "{}"), List.of(first));
    assertThat(names.condition().status()).isEqualTo("False");
    assertThat(names.condition().reason()).isEqualTo("ListKindConflict");
    assertThat(names.condition().message()).isEqualTo("\"AList\" is already in use");
    assertThat(names.accepted()).isEqualTo(Json.object("{'plural':'bs','kind':''}"));
  }
}
