package io.thyra.machinery.apply;

import static io.thyra.machinery.apply.TestTypes.GEAR;
import static io.thyra.machinery.apply.TestTypes.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thyra.model.ObjectValue;
import io.thyra.schema.Scalar;
import io.thyra.schema.Struct;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TypedTest {
  private static ObjectValue spec(String fields) {
    return json("{'spec':{" + fields + "}}");
  }

  private static FieldSet fields(String fieldsV1) {
    return FieldSet.of(JsonText.parse(fieldsV1.replace("\\'", "\u0001").replace('\'', '"').replace("\u0001", "\\\"")));
  }

  private static Comparison compare(String left, String right) {
    return Comparison.of(spec(left), spec(right), GEAR);
  }

  @Test
  void listsTheFieldsOfAnObject() {
    ObjectValue gear =
        json(
            "{'metadata':{'labels':{'a':'b'},'finalizers':['x']},'spec':{'size':1,'ports':[{'port':80,'name':'w','labels':{}}],"
                + "'args':['a'],'address':{'host':'h'},'whole':{'k':'v'},'parts':{},'mode':null,'tags':[],'free':{'a':{'b':[1]}}}}");

    assertThat(FieldWalk.of(gear, GEAR))
        .isEqualTo(
            fields(
                "{'f:metadata':{'f:labels':{'f:a':{}},'f:finalizers':{'v:\\'x\\'':{}}},'f:spec':{'f:size':{},"
                    + "'f:ports':{'k:{\\'port\\':80,\\'protocol\\':\\'TCP\\'}':{'.':{},'f:port':{},'f:name':{},'f:labels':{}}},"
                    + "'f:args':{},'f:address':{},'f:whole':{},'f:parts':{},'f:mode':{},"
                    + "'f:free':{'f:a':{'.':{},'f:b':{}}}}}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'sise':1|.spec.sise: field not declared in schema",
        "'size':'1'|.spec.size: expected numeric (int or float), got string",
        "'size':{}|.spec.size: expected numeric (int or float), got map[string]interface {}",
        "'mode':1|.spec.mode: expected string, got &value.valueUnstructured{Value:1}",
        "'mode':1.50|.spec.mode: expected string, got &value.valueUnstructured{Value:1.5}",
        "'mode':['x',null]|.spec.mode: expected string, got &value.valueUnstructured{Value:[]interface {}{\"x\", interface {}(nil)}}",
        "'mode':{'b':1,'a':true}|.spec.mode: expected string, got &value.valueUnstructured{Value:map[string]interface {}{\"a\":true, \"b\":1}}",
        "'on':'yes'|.spec.on: expected boolean, got &{yes}",
        "'parts':'text'|.spec.parts: expected map, got &{text}",
        "'parts':{'k':true}|.spec.parts.k: expected string, got &value.valueUnstructured{Value:true}",
        "'args':'x'|.spec.args: expected list, got &{x}",
        "'args':['x',2000000.5]|.spec.args[1]: expected string, got &value.valueUnstructured{Value:2.0000005e+06}",
        "'tags':['q','q']|.spec.tags: duplicate entries for key [=\"q\"]",
        "'tags':[null]|.spec.tags: element 0: associative list without keys has an element that's an explicit null",
        "'tags':[{}]|.spec.tags: element 0: associative list without keys has an element that's a map type",
        "'ports':[{'port':53},{'port':53,'protocol':'TCP'}]|.spec.ports: duplicate entries for key [port=53,protocol=\"TCP\"]",
        "'ports':[{'port':'80'}]|.spec.ports[port=\"80\",protocol=\"TCP\"].port: expected numeric (int or float), got string",
        "'named':[{'v':'x'}]|.spec.named: element 0: associative list with keys has an element that omits all key fields [\"name\"] (and doesn't have default values for any key fields)",
        "'named':['x']|.spec.named: element 0: associative list with keys may not have non-map elements",
        "'named':[{'name':'a','odd':1}]|.spec.named[name=\"a\"].odd: field not declared in schema",
      })
  void rejectsWhatDoesNotFit(String spec, String message) {
    assertThatThrownBy(() -> Validation.check(spec(spec), GEAR, false)).hasMessage(message);
  }

  @Test
  void acceptsAnythingWhereNothingIsDeclared() {
    Validation.check(spec("'free':{'a':[{},{}],'b':null}"), GEAR, false);
    Struct open = new Struct("Open", "Open", "", false, true).define(List.of(TestTypes.field("a", Scalar.STRING)));
    Validation.check(json("{'b':[1,'x'],'a':'x'}"), open, false);
  }

  @Test
  void inheritsOpenness() {
    Struct inner = TestTypes.struct("Inner", TestTypes.field("a", Scalar.STRING));
    Struct open = new Struct("Open", "Open", "", false, true).define(List.of(TestTypes.field("inner", inner)));

    Validation.check(json("{'inner':{'b':1}}"), open, false);
    assertThatThrownBy(() -> Validation.check(json("{'b':1}"), inner, false)).hasMessage(".b: field not declared in schema");
  }

  @Test
  void comparesByPart() {
    Comparison change =
        compare("'size':1,'mode':'x','parts':{'a':'1','b':'1'},'ports':[{'port':80}]", "'size':2,'on':true,'parts':{'a':'1','c':'1'}");

    assertThat(change.modified()).isEqualTo(FieldSet.ofNames("spec", "size"));
    assertThat(change.added()).isEqualTo(fields("{'f:spec':{'f:on':{},'f:parts':{'f:c':{}}}}"));
    assertThat(change.removed())
        .isEqualTo(
            fields(
                "{'f:spec':{'f:mode':{},'f:parts':{'f:b':{}},'f:ports':{'.':{},"
                    + "'k:{\\'port\\':80,\\'protocol\\':\\'TCP\\'}':{'.':{},'f:port':{}}}}}"));
  }

  @Test
  void comparesAtomicsAsWholes() {
    Comparison change =
        compare("'args':['a'],'address':{'host':'a','zone':'z'},'whole':{'a':'1'}", "'args':['a','b'],'address':{'host':'b','zone':'z'},'whole':{}");

    assertThat(change.modified()).isEqualTo(fields("{'f:spec':{'f:args':{},'f:address':{},'f:whole':{}}}"));
    assertThat(change.added().isEmpty() && change.removed().isEmpty()).isTrue();
  }

  @Test
  void findsNothingBetweenEqualObjects() {
    assertThat(compare("'size':1,'free':{'a':1.0},'tags':['a','b']", "'tags':['b','a'],'free':{'a':1},'size':1").isSame()).isTrue();
  }

  @Test
  void keepsEmptyAndNullApart() {
    assertThat(compare("'parts':null", "'parts':{}").modified()).isEqualTo(FieldSet.ofNames("spec", "parts"));
    assertThat(compare("", "'parts':{}").added()).isEqualTo(FieldSet.ofNames("spec", "parts").union(FieldSet.ofNames("spec", "parts")));
  }

  @Test
  void comparesChangesOfForm() {
    Comparison change = compare("'free':{'a':{'b':1}}", "'free':{'a':'text'}");

    assertThat(change.modified()).isEqualTo(FieldSet.ofNames("spec", "free", "a"));
    assertThat(change.removed()).isEqualTo(FieldSet.ofNames("spec", "free", "a", "b"));
  }

  @Test
  void comparesDuplicatesAsWholes() {
    assertThat(compare("'tags':['a','a']", "'tags':['a','a','a']").modified()).isEqualTo(fields("{'f:spec':{'f:tags':{'v:\\'a\\'':{}}}}"));
    assertThat(compare("'tags':['a','a']", "'tags':['b']").removed()).isEqualTo(fields("{'f:spec':{'f:tags':{'v:\\'a\\'':{}}}}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'size':1,'mode':'x'|'size':2|'size':2,'mode':'x'",
        "'parts':{'b':'1'}|'parts':{'a':'2'}|'parts':{'a':'2','b':'1'}",
        "'whole':{'b':'1'}|'whole':{'a':'2'}|'whole':{'a':'2'}",
        "'args':['a','b']|'args':['c']|'args':['c']",
        "'address':{'host':'h','zone':'z'}|'address':{'host':'i'}|'address':{'host':'i'}",
        "'tags':['a','b']|'tags':['c','b']|'tags':['a','c','b']",
        "'tags':['a','b','c']|'tags':['c','a']|'tags':['b','c','a']",
        "'tags':['a','b','c','d']|'tags':['d','x','a']|'tags':['b','c','d','x','a']",
        "'tags':['a','b']|'tags':[]|'tags':['a','b']",
        "'mode':'x'|'mode':null|'mode':null",
        "'ports':[{'port':80,'protocol':'TCP','name':'a'},{'port':53,'protocol':'UDP'}]|'ports':[{'port':80,'name':'b'}]"
            + "|'ports':[{'port':80,'protocol':'TCP','name':'b'},{'port':53,'protocol':'UDP'}]",
        "'free':{'a':{'b':1,'c':[1]}}|'free':{'a':{'c':[2],'d':null}}|'free':{'a':{'b':1,'c':[2],'d':null}}",
        "'free':{'a':1}|'free':'text'|'free':'text'",
      })
  void mergesAConfiguration(String live, String config, String merged) {
    ObjectValue result = Merge.of(spec(live), spec(config), GEAR);

    // The texts are compared: the order of items and of new fields counts.
    assertThat(io.thyra.model.GoText.json(result)).isEqualTo(io.thyra.model.GoText.json(spec(merged)));
  }

  @Test
  void mergesNothingIntoTheSameInstance() {
    ObjectValue live = spec("'ports':[{'port':80,'protocol':'TCP'}],'parts':{'a':'1'},'args':['x'],'size':1,'tags':['a']");

    assertThat(Merge.of(live, spec("'ports':[{'port':80}],'args':['x'],'size':1.0,'tags':['a'],'parts':{}"), GEAR)).isSameAs(live);
  }

  @Test
  void takesFieldsOut() {
    ObjectValue gear = spec("'size':1,'parts':{'a':'1'},'named':[{'name':'a','v':'1'},{'name':'b','v':'2'}],'tags':['x','y']");
    FieldSet some =
        fields("{'f:spec':{'f:size':{},'f:parts':{'f:a':{}},'f:named':{'k:{\\'name\\':\\'a\\'}':{},'k:{\\'name\\':\\'b\\'}':{'f:v':{}}},'f:tags':{'v:\\'x\\'':{}}}}");

    assertThat(Removal.without(gear, some, GEAR)).isEqualTo(spec("'parts':null,'named':[{'name':'b'}],'tags':['y']"));
    assertThat(Removal.without(gear, FieldSet.ofNames("spec", "mode"), GEAR)).isSameAs(gear);
  }

  @Test
  void extractsFields() {
    ObjectValue gear = spec("'size':1,'mode':'m','named':[{'name':'a','v':'1'},{'name':'b','v':'2'}],'args':['x']");
    FieldSet some = fields("{'f:spec':{'f:size':{},'f:args':{},'f:named':{'k:{\\'name\\':\\'a\\'}':{'.':{},'f:name':{}}}}}");

    assertThat(Removal.only(gear, some, GEAR)).isEqualTo(spec("'size':1,'named':[{'name':'a'}],'args':['x']"));
  }

  @Test
  void makesNamedFieldsMembersOnTheWay() {
    FieldSet set = fields("{'f:spec':{'f:parts':{'f:a':{}},'f:named':{'k:{\\'name\\':\\'a\\'}':{'f:v':{}}},'f:free':{'f:x':{'f:y':{}}}}}");

    assertThat(SetShape.withNamedFields(set, GEAR))
        .isEqualTo(
            fields(
                "{'f:spec':{'.':{},'f:parts':{'.':{},'f:a':{}},'f:named':{'.':{},'k:{\\'name\\':\\'a\\'}':{'f:v':{}}},"
                    + "'f:free':{'.':{},'f:x':{'f:y':{}}}}}"));
  }

  @Test
  void readsPartsOfWhatBecameAtomicAsTheWhole() {
    FieldSet set = fields("{'f:spec':{'f:address':{'f:host':{}},'f:whole':{'.':{},'f:a':{}},'f:args':{'v:\\'x\\'':{}},'f:parts':{'f:a':{}}}}");

    assertThat(SetShape.reconcile(set, GEAR))
        .isEqualTo(fields("{'f:spec':{'f:address':{},'f:whole':{},'f:args':{},'f:parts':{'f:a':{}}}}"));
    FieldSet fresh = fields("{'f:spec':{'f:address':{},'f:parts':{'f:a':{}}}}");
    assertThat(SetShape.reconcile(fresh, GEAR)).isSameAs(fresh);
  }
}
