package io.thyra.machinery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.thyra.model.ApiException;
import io.thyra.model.GoText;
import io.thyra.model.ObjectValue;
import io.thyra.model.Status;
import io.thyra.schema.FieldSchema;
import io.thyra.schema.ListOf;
import io.thyra.schema.MapOf;
import io.thyra.schema.Scalar;
import io.thyra.schema.Shape;
import io.thyra.schema.Struct;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jspecify.annotations.Nullable;

class StrategicMergePatchTest {
  private static FieldSchema field(String name, Shape shape, @Nullable String mergeKey, String strategy) {
    return new FieldSchema(
        name, name, 0, shape, false, false, true, false, mergeKey, strategy, null, List.of(), "");
  }

  private static Struct struct(String goName, FieldSchema... fields) {
    return new Struct(goName, goName, "", false, false).define(List.of(fields));
  }

  private static final Struct CONTAINER =
      struct(
          "Container",
          field("name", Scalar.STRING, null, ""),
          field("image", Scalar.STRING, null, ""),
          field("command", ListOf.atomic(Scalar.STRING), null, ""),
          field("ports", Scalar.INT32, null, ""));
  private static final Struct STRATEGY =
      struct("Strategy", field("type", Scalar.STRING, null, ""), field("rolling", new MapOf(Scalar.STRING, false), null, ""));
  private static final Struct SPEC =
      struct(
          "PodSpec",
          field("containers", ListOf.atomic(CONTAINER), "name", "merge"),
          field("finalizers", ListOf.atomic(Scalar.STRING), null, "merge"),
          field("args", ListOf.atomic(Scalar.STRING), null, ""),
          field("labels", new MapOf(Scalar.STRING, false), null, ""),
          field("strategy", STRATEGY, null, "retainKeys"),
          field("replicas", Scalar.INT32, null, ""));
  private static final Struct KIND = struct("Kind", field("spec", SPEC, null, ""));

  private static final String CURRENT =
      "{'spec':{'containers':[{'name':'a','image':'1'},{'name':'b','image':'1'},{'name':'c','image':'1'}],"
          + "'finalizers':['x','y'],'args':['1'],'labels':{'k':'v'},'strategy':{'type':'R','rolling':{'m':'1'}}}}";

  private static String patch(String patch) {
    var result = StrategicMergePatch.apply(TestJson.object(CURRENT), TestJson.read("{'spec':" + patch + "}"), KIND);
    return GoText.json(result.patched().object("spec")).replace('"', '\'');
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '~',
      delimiter = '|',
      value = {
        "{'containers':[{'name':'b','image':'2'}]}|'containers':[{'name':'a','image':'1'},{'name':'b','image':'2'},{'name':'c','image':'1'}]",
        "{'containers':[{'name':'n','image':'2'}]}|'containers':[{'name':'n','image':'2'},{'name':'a','image':'1'},{'name':'b','image':'1'},{'name':'c','image':'1'}]",
        "{'containers':[{'name':'b','$patch':'delete'}]}|'containers':[{'name':'a','image':'1'},{'name':'c','image':'1'}]",
        "{'containers':[{'$patch':'replace'},{'name':'n'}]}|'containers':[{'name':'n'}]",
        "{'$setElementOrder/containers':[{'name':'c'},{'name':'a'}]}|'containers':[{'name':'b','image':'1'},{'name':'c','image':'1'},{'name':'a','image':'1'}]",
        "{'finalizers':['z','x']}|'finalizers':['z','x','y']",
        "{'$deleteFromPrimitiveList/finalizers':['x','q']}|'finalizers':['y']",
        "{'args':['2','3']}|'args':['2','3']",
        "{'labels':{'k':null,'n':'1'}}|'labels':{'n':'1'}",
        "{'labels':{'$patch':'replace','only':'1'}}|'labels':{'only':'1'}",
        "{'labels':{'$patch':'delete'}}|'labels':{}",
        "{'strategy':{'$retainKeys':['type'],'type':'Recreate'}}|'strategy':{'type':'Recreate'}",
        "{'new':{'a':null,'b':'1'}}|'new':{'b':'1'}"
      })
  void mergesByTheSchema(String patch, String expected) {
    assertThat(patch(patch)).contains(expected);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '~',
      delimiter = '|',
      value = {
        "500|{'containers':[{'image':'2'}]}|map: map[image:2] does not contain declared merge key: name",
        "500|{'containers':['main']}|list element types are not identical: [[map[image:1 name:a] map[image:1 name:b] map[image:1 name:c]] [main]]",
        "500|{'containers':[{'name':'a','$patch':'odd'}]}|unknown patch type: odd in map: map[$patch:odd name:a]",
        "500|{'containers':[{'name':'a','$patch':'merge'}]}|merging lists cannot yet be specified in the patch",
        "500|{'labels':{'$patch':'merge','more':'that'}}|unknown patch type: merge in map: map[$patch:merge more:that]",
        "500|{'$setElementOrder/containers':'a'}|expected a []interface {}, but received a string",
        "500|{'$setElementOrder/containers':['a']}|value for key 0 is not a map",
        "500|{'$setElementOrder/containers':[{'image':'a'}]}|map: map[image:a] does not contain declared merge key: name",
        "500|{'$setElementOrder/nothing':[{'name':'a'}]}|unable to find api field in struct PodSpec for the json field \"nothing\"",
        "400|{'strategy':{'$retainKeys':['type'],'rolling':{}}}|invalid patch format of retainKeys",
        "400|{'$setElementOrder':[]}|invalid patch format of setElementOrder list",
        "400|{'$deleteFromPrimitiveList':[]}|invalid patch format of primitive list"
      })
  void complainsInUpstreamsWords(int code, String patch, String complaint) {
    Status status = catchThrowableOfType(ApiException.class, () -> patch(patch)).status();
    assertThat(status.code()).isEqualTo(code);
    assertThat(status.message()).isEqualTo(complaint);
  }

  @Test
  void sharesWhatItDoesNotTouch() {
    var current = TestJson.object("{'spec':{'containers':[{'name':'a'},{'name':'b'}],'labels':{'x':'y'}}}");
    ObjectValue patched =
        StrategicMergePatch.apply(current, TestJson.read("{'spec':{'containers':[{'name':'b','image':'i'}]}}"), KIND).patched();
    assertThat(patched.at("spec", "labels")).isSameAs(current.at("spec", "labels"));
    assertThat(patched.list("spec", "containers").get(0)).isSameAs(current.list("spec", "containers").get(0));
    assertThat(patched.list("spec", "containers").object(1).string("image")).isEqualTo("i");
  }

  @Test
  void quotesListsThatBreakTheirOrder() {
    assertThatThrownBy(() -> patch("{'$setElementOrder/containers':[{'name':'b'},{'name':'a'}],'containers':[{'name':'a'},{'name':'b'}]}"))
        .hasMessage(
            "The order in patch list:\n[map[name:a] map[name:b]]\n doesn't match $setElementOrder list:\n"
                + "[map[name:b] map[name:a]]\n");
  }

  @Test
  void changesNothingForNull() {
    var current = TestJson.object(CURRENT);
    assertThat(StrategicMergePatch.apply(current, TestJson.read("null"), KIND).patched()).isEqualTo(current);
  }
}
