package io.thyra.extensions;

import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.model.FieldError;
import io.thyra.model.ObjectValue;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValueValidationTest {
  private static List<String> errors(String schema, String value) {
    StructuralSchema root = Json.schema("{'type':'object','properties':{'v':" + schema + "}}");
    ObjectValue object = Json.object("{'v':" + value + "}");
    return ValueValidation.validate(null, object, root, null).stream().map(FieldError::toString).toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'type':'integer'} | '1' | v: Invalid value: \"string\": v in body must be of type integer: \"string\"",
        "{'type':'integer','minimum':2} | 1 | v: Invalid value: 1: v in body should be greater than or equal to 2",
        "{'type':'integer','maximum':2,'exclusiveMaximum':true} | 2 | v: Invalid value: 2: v in body should be less than 2",
        "{'type':'integer','multipleOf':5} | 7 | v: Invalid value: 7: v in body should be a multiple of 5",
        "{'type':'number','multipleOf':0.25} | 0.3 | v: Invalid value: 0.3: v in body should be a multiple of 0.25",
        "{'type':'string','minLength':2} | 'é' | v: Invalid value: \"é\": v in body should be at least 2 chars long",
        "{'type':'string','maxLength':3} | 'abcd' | v: Too long: may not be more than 3 bytes",
        "{'type':'string','pattern':'^[a-z]+$'} | 'A' | v: Invalid value: \"A\": v in body should match '^[a-z]+$'",
        "{'type':'string','enum':['a','b']} | 'c' | v: Unsupported value: \"c\": supported values: \"a\", \"b\"",
        "{'type':'integer','enum':[1,2]} | 3 | v: Unsupported value: 3: supported values: \"1\", \"2\"",
        "{'type':'array','items':{'type':'integer'},'minItems':2} | [1] | v: Invalid value: 1: v in body should have at least 2 items",
        "{'type':'array','items':{'type':'integer'},'maxItems':1} | [1,2] | v: Too many: 2: must have at most 1 item",
        "{'type':'object','required':['b']} | {} | v.b: Required value",
        "{'x-kubernetes-int-or-string':true} | true | v: Invalid value: \"boolean\": v in body must be of type integer,string: \"boolean\"",
        "{'type':'string','format':'date'} | '2024-13-01' | v: Invalid value: \"2024-13-01\": v in body must be of type date: \"2024-13-01\"",
        "{'type':'integer','not':{'enum':[3]}} | 3 | <nil>: Invalid value: \"\": \"v\" must not validate the schema (not)",
      })
  void tellsWhatUpstreamTells(String schema, String value, String error) {
    assertThat(errors(schema, value)).containsExactly(error.replace("[a-z]+$''", "[a-z]+$'"));
  }

  @Test
  void tellsTheBestOfSeveralAlternatives() {
    assertThat(errors("{'type':'integer','anyOf':[{'minimum':10},{'maximum':1}]}", "5"))
        .first()
        .isEqualTo("<nil>: Invalid value: \"\": \"v\" must validate at least one schema (anyOf)");
  }

  @Test
  void takesAWholeFloatForAnInteger() {
    assertThat(errors("{'type':'integer'}", "2.0")).isEmpty();
    assertThat(errors("{'type':'integer'}", "1.5"))
        .containsExactly(
            "v: Invalid value: \"number\": v in body must be of type integer: \"number\"",
            "<nil>: Invalid value: \"\": Checked value must be of type integer (default format) in v");
  }

  @Test
  void ignoresFormatsThatNobodyKnows() {
    assertThat(errors("{'type':'string','format':'colour'}", "'anything'")).isEmpty();
  }

  @Test
  void forgivesWhatAnUpdateLeavesAsItWas() {
    StructuralSchema schema =
        Json.schema("{'type':'object','properties':{'a':{'type':'integer','maximum':1},'b':{'type':'integer','maximum':1}}}");
    ObjectValue old = Json.object("{'a':5,'b':1}");
    ObjectValue changed = Json.object("{'a':5,'b':7}");
    var correlated = new Correlated(changed, old, schema);
    assertThat(ValueValidation.validate(null, changed, schema, correlated)).extracting(FieldError::field).containsExactly("b");
  }

  @Test
  void correlatesItemsOfMapsByTheirKeys() {
    StructuralSchema schema =
        Json.schema(
            "{'type':'object','properties':{'l':{'type':'array','x-kubernetes-list-type':'map','x-kubernetes-list-map-keys':['k'],"
                + "'items':{'type':'object','properties':{'k':{'type':'string'},'n':{'type':'integer','maximum':1}}}}}}");
    ObjectValue old = Json.object("{'l':[{'k':'x','n':9}]}");
    ObjectValue changed = Json.object("{'l':[{'k':'y','n':9},{'k':'x','n':9}]}");
    var correlated = new Correlated(changed, old, schema);
    assertThat(ValueValidation.validate(null, changed, schema, correlated)).extracting(FieldError::field).containsExactly("l[0].n");
  }
}
