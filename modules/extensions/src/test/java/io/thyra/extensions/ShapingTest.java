package io.thyra.extensions;

import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.model.FieldError;
import io.thyra.model.ObjectValue;
import org.junit.jupiter.api.Test;

class ShapingTest {
  @Test
  void dropsUnknownFieldsAndTellsTheirPaths() {
    StructuralSchema schema =
        Json.schema(
            "{'type':'object','properties':{'spec':{'type':'object','properties':{'a':{'type':'string'},"
                + "'l':{'type':'array','items':{'type':'object','properties':{'x':{'type':'string'}}}}}}}}");
    ObjectValue object = Json.object("{'kind':'G','metadata':{'name':'n'},'spec':{'a':'1','b':2,'l':[{'x':'y','z':1}]}}");
    Pruning.Pruned pruned = Pruning.resource(object, schema);
    assertThat(pruned.object()).isEqualTo(Json.object("{'kind':'G','metadata':{'name':'n'},'spec':{'a':'1','l':[{'x':'y'}]}}"));
    assertThat(pruned.unknown()).containsExactly("spec.b", "spec.l[0].z");
  }

  @Test
  void keepsWhatIsUnknownWhereTheSchemaSaysSo() {
    StructuralSchema schema =
        Json.schema(
            "{'type':'object','properties':{'spec':{'type':'object','x-kubernetes-preserve-unknown-fields':true,"
                + "'properties':{'in':{'type':'object','properties':{'a':{'type':'string'}}}}}}}");
    ObjectValue object = Json.object("{'spec':{'any':{'thing':1},'in':{'a':'1','b':'2'}}}");
    assertThat(Pruning.resource(object, schema).object()).isEqualTo(Json.object("{'spec':{'any':{'thing':1},'in':{'a':'1'}}}"));
  }

  @Test
  void fillsDefaultsFromTheOutsideIn() {
    StructuralSchema schema =
        Json.schema(
            "{'type':'object','properties':{'spec':{'type':'object','default':{},'properties':{"
                + "'n':{'type':'integer','default':3},'m':{'type':'integer','default':4}}}}}");
    assertThat(Defaulting.apply(Json.object("{}"), schema)).isEqualTo(Json.object("{'spec':{'n':3,'m':4}}"));
    assertThat(Defaulting.apply(Json.object("{'spec':{'n':null}}"), schema)).isEqualTo(Json.object("{'spec':{'n':3,'m':4}}"));
  }

  @Test
  void dropsNullsThatAreNeitherAllowedNorDefaulted() {
    StructuralSchema schema =
        Json.schema(
            "{'type':'object','properties':{'a':{'type':'string'},'b':{'type':'string','nullable':true},"
                + "'c':{'type':'string','default':'x'}}}");
    assertThat(Defaulting.withoutForbiddenNulls(Json.object("{'a':null,'b':null,'c':null}"), schema))
        .isEqualTo(Json.object("{'b':null,'c':null}"));
  }

  @Test
  void tellsRepeatedItemsOfSetsAndMaps() {
    StructuralSchema schema =
        Json.schema(
            "{'type':'object','properties':{'s':{'type':'array','x-kubernetes-list-type':'set','items':{'type':'string'}},"
                + "'m':{'type':'array','x-kubernetes-list-type':'map','x-kubernetes-list-map-keys':['k'],'items':{'type':'object'}}}}");
    ObjectValue object = Json.object("{'s':['a','b','a','a'],'m':[{'k':1},{'k':2},{'k':1}]}");
    assertThat(ListTypes.validate(object, schema))
        .extracting(FieldError::toString)
        .containsExactly("s[2]: Duplicate value: \"a\"", "m[2]: Duplicate value: {\"k\":1}");
  }
}
