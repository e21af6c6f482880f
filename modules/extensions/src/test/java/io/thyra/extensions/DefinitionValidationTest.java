package io.thyra.extensions;

import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.model.FieldError;
import io.thyra.model.ObjectValue;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DefinitionValidationTest {
  private static ObjectValue definition(String schema) {
    return Json.object(
        "{'metadata':{'name':'gadgets.example.dev'},'spec':{'group':'example.dev','scope':'Namespaced','names':{'plural':'gadgets',"
            + "'singular':'gadget','kind':'Gadget','listKind':'GadgetList'},'versions':[{'name':'v1','served':true,'storage':true,"
            + "'schema':{'openAPIV3Schema':"
            + schema
            + "}}],'conversion':{'strategy':'None'}},'status':{'storedVersions':['v1']}}");
  }

  private static List<String> errors(ObjectValue definition) {
    var errors = new ArrayList<FieldError>();
    DefinitionValidation.validate(definition, errors);
    return errors.stream().map(FieldError::toString).toList();
  }

  @Test
  void acceptsAStructuralSchema() {
    assertThat(errors(definition("{'type':'object','properties':{'spec':{'type':'object'}}}"))).isEmpty();
  }

  @Test
  void acceptsRulesWithoutEvaluatingThem() {
    assertThat(errors(definition("{'type':'object','x-kubernetes-validations':[{'rule':'self.metadata.name == \\'x\\''}]}"))).isEmpty();
  }

  @Test
  void namesTheCommonSchemaWithoutAVersion() {
    assertThat(errors(definition("{'type':'object','properties':{'a':{}}}")))
        .containsExactly(
            "spec.validation.openAPIV3Schema.properties[a].type: Required value: must not be empty for specified object fields");
  }

  @Test
  void refusesDefaultsThatBreakTheirSchema() {
    assertThat(errors(definition("{'type':'object','properties':{'a':{'type':'integer','default':'x'}}}")))
        .singleElement()
        .asString()
        .startsWith("spec.validation.openAPIV3Schema.properties[a].default: Invalid value: \"string\":");
  }

  @Test
  void wantsTheNameOfPluralAndGroup() {
    ObjectValue misnamed = definition("{'type':'object'}").withAt(io.thyra.model.Value.of("other.example.dev"), "metadata", "name");
    assertThat(errors(misnamed))
        .containsExactly("metadata.name: Invalid value: \"other.example.dev\": must be spec.names.plural+\".\"+spec.group");
  }

  @Test
  void keepsVersionsInWhichObjectsMayBeStored() {
    ObjectValue old = definition("{'type':'object'}");
    ObjectValue stored = old.withAt(io.thyra.model.ListValue.ofStrings(List.of("v0", "v1")), "status", "storedVersions");
    assertThat(errors(stored)).singleElement().asString().startsWith("status.storedVersions[0]: Invalid value: \"v0\": missing from");
  }

  @Test
  void findsAStorageVersionOfTheSameNameOnlyOnce() {
    ObjectValue one = definition("{'type':'object'}");
    io.thyra.model.ListValue versions = one.list("spec", "versions");
    assertThat(errors(one.withAt(versions.plus(versions.get(0)), "spec", "versions")))
        .contains("status.storedVersions: Invalid value: [\"v1\"]: must have the storage version v1");
  }
}
