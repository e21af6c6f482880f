package io.thyra.extensions;

import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ObjectValue;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RuleValidatorTest {
  private final List<String> warnings = new ArrayList<>();

  private static StructuralSchema schema(String spec) {
    return Json.schema("{'type':'object','properties':{'spec':" + spec + "}}");
  }

  private List<String> create(String spec, String value) {
    var errors = new ArrayList<FieldError>();
    RuleValidator.of(schema(spec), true)
        .orElseThrow()
        .validate(null, Json.object("{'spec':" + value + "}"), null, null, warnings::add, errors);
    return errors.stream().map(FieldError::toString).toList();
  }

  private List<String> update(String spec, String value, String old) {
    StructuralSchema schema = schema(spec);
    var errors = new ArrayList<FieldError>();
    ObjectValue now = Json.object("{'spec':" + value + "}");
    ObjectValue before = Json.object("{'spec':" + old + "}");
    RuleValidator.of(schema, true)
        .orElseThrow()
        .validate(null, now, before, new Correlated(now, before, schema), warnings::add, errors);
    return errors.stream().map(FieldError::toString).toList();
  }

  private static String integers(String rules) {
    return "{'type':'object','properties':{'a':{'type':'integer'},'b':{'type':'integer'}},'x-kubernetes-validations':[" + rules + "]}";
  }

  @Test
  void tellsMessagesReasonsAndPaths() {
    assertThat(create(integers("{'rule':'self.a > 1'}"), "{'a':1}")).containsExactly("spec: Invalid value: failed rule: self.a > 1");
    assertThat(create(integers("{'rule':'self.a > 1','message':'more','reason':'FieldValueForbidden','fieldPath':'.b'}"), "{'a':1}"))
        .containsExactly("spec.b: Forbidden: more");
    assertThat(create(integers("{'rule':'self.a > 1','messageExpression':'string(self.a)'}"), "{'a':1}"))
        .containsExactly("spec: Invalid value: 1");
  }

  @Test
  void showsValuesThatAreNoObjects() {
    assertThat(create("{'type':'integer','x-kubernetes-validations':[{'rule':'self > 1'}]}", "1"))
        .containsExactly("spec: Invalid value: 1: failed rule: self > 1");
  }

  @Test
  void tellsWhatARuleCouldNotSay() {
    assertThat(create(integers("{'rule':'self.b > 1'}"), "{'a':1}"))
        .containsExactly("spec: Invalid value: \"object\": no such key: b evaluating rule: self.b > 1");
  }

  @Test
  void rulesAboutChangesNeedSomethingOld() {
    String grow = "{'type':'integer','x-kubernetes-validations':[{'rule':'self >= oldSelf'}]}";
    assertThat(create(grow, "1")).isEmpty();
    assertThat(update(grow, "2", "1")).isEmpty();
    assertThat(update(grow, "1", "2")).containsExactly("spec: Invalid value: 1: failed rule: self >= oldSelf");
    String once = "{'type':'integer','x-kubernetes-validations':[{'rule':'oldSelf.orValue(0) + 1 == self','optionalOldSelf':true}]}";
    assertThat(create(once, "1")).isEmpty();
    assertThat(create(once, "2")).hasSize(1);
  }

  @Test
  void itemsOfListsByKeysKeepTheirOldSelves() {
    String list =
        "{'type':'array','x-kubernetes-list-type':'map','x-kubernetes-list-map-keys':['k'],'items':{'type':'object','properties':"
            + "{'k':{'type':'string'},'v':{'type':'integer','x-kubernetes-validations':[{'rule':'self >= oldSelf'}]}}}}";
    assertThat(update(list, "[{'k':'b','v':1},{'k':'a','v':0}]", "[{'k':'a','v':0},{'k':'b','v':2}]"))
        .containsExactly("spec[0].v: Invalid value: 1: failed rule: self >= oldSelf");
  }

  @Test
  void forgivesWhatDidNotChangeWithAWarning() {
    assertThat(update(integers("{'rule':'self.a > 1','message':'more'}"), "{'a':1}", "{'a':1}")).isEmpty();
    assertThat(warnings).containsExactly("spec: Invalid value: more");
    assertThat(update(integers("{'rule':'self.a > 1','message':'more'}"), "{'a':1,'b':2}", "{'a':1}")).hasSize(1);
  }

  @Test
  void definitionsAreToldOfRulesThatDoNotCompileOrCostTooMuch() {
    assertThat(definition("{'type':'integer','x-kubernetes-validations':[{'rule':'self +'}]}"))
        .singleElement()
        .asString()
        .contains("x-kubernetes-validations[0].rule: Invalid value: {\"Rule\":\"self +\"")
        .contains("compilation failed: ERROR: <input>:1:7: Syntax error: mismatched input '<EOF>'");
    assertThat(definition("{'type':'array','items':{'type':'string'},'x-kubernetes-validations':[{'rule':'self.all(x, self.all(y, x == y))'}]}"))
        .hasSize(3)
        .first()
        .asString()
        .contains("estimated rule cost exceeds budget by factor of more than 100x");
    assertThat(definition("{'type':'array','items':{'type':'integer','x-kubernetes-validations':[{'rule':'self >= oldSelf'}]}}"))
        .singleElement()
        .asString()
        .contains("oldSelf cannot be used on the uncorrelatable portion of the schema within s.properties[spec]");
  }

  private static List<String> definition(String spec) {
    StructuralSchema schema = schema(spec);
    RuleContext context = RuleContext.of(schema);
    var options = new SchemaRules.Options(true, true, true, true);
    List<FieldError> errors = SchemaRules.validate(schema, FieldPath.of("s"), options, context);
    context.total().tell(FieldPath.of("s"), errors);
    return errors.stream().map(FieldError::toString).toList();
  }
}
