package io.thyra.machinery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.thyra.model.ApiException;
import io.thyra.model.GoText;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Status;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonPatchTest {
  private static String patch(String document, String patch) {
    return GoText.json(JsonPatch.apply(TestJson.object(document), TestJson.read(patch), true)).replace('"', '\'');
  }

  private static Status failure(String document, String patch) {
    return catchThrowableOfType(
            ApiException.class, () -> JsonPatch.apply(TestJson.object(document), TestJson.read(patch), true))
        .status();
  }

  // The examples of RFC 6902, appendix A.
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '~',
      delimiter = '|',
      value = {
        "{'foo':'bar'}|[{'op':'add','path':'/baz','value':'qux'}]|{'baz':'qux','foo':'bar'}",
        "{'foo':['bar','baz']}|[{'op':'add','path':'/foo/1','value':'qux'}]|{'foo':['bar','qux','baz']}",
        "{'baz':'qux','foo':'bar'}|[{'op':'remove','path':'/baz'}]|{'foo':'bar'}",
        "{'foo':['bar','qux','baz']}|[{'op':'remove','path':'/foo/1'}]|{'foo':['bar','baz']}",
        "{'baz':'qux','foo':'bar'}|[{'op':'replace','path':'/baz','value':'boo'}]|{'baz':'boo','foo':'bar'}",
        "{'foo':{'bar':'baz','waldo':'fred'},'qux':{'corge':'grault'}}|[{'op':'move','from':'/foo/waldo','path':'/qux/thud'}]|{'foo':{'bar':'baz'},'qux':{'corge':'grault','thud':'fred'}}",
        "{'foo':['all','grass','cows','eat']}|[{'op':'move','from':'/foo/1','path':'/foo/3'}]|{'foo':['all','cows','eat','grass']}",
        "{'baz':'qux','foo':['a',2,'c']}|[{'op':'test','path':'/baz','value':'qux'},{'op':'test','path':'/foo/1','value':2}]|{'baz':'qux','foo':['a',2,'c']}",
        "{'foo':'bar'}|[{'op':'add','path':'/child','value':{'grandchild':{}}}]|{'child':{'grandchild':{}},'foo':'bar'}",
        "{'/':9,'~1':10}|[{'op':'test','path':'/~01','value':10}]|{'/':9,'~1':10}",
        "{'foo':['bar']}|[{'op':'add','path':'/foo/-','value':['abc','def']}]|{'foo':['bar',['abc','def']]}"
      })
  void followsTheExamplesOfTheRfc(String document, String patch, String patched) {
    assertThat(patch(document.replace("~~", "~"), patch.replace("~~", "~"))).isEqualTo(patched.replace("~~", "~"));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '~',
      delimiter = '|',
      value = {
        "{'d':{}}|[{'op':'replace','path':'/d/none','value':1}]|{'d':{'none':1}}",
        "{'d':{'k':1}}|[{'op':'copy','from':'/d/none','path':'/d/k'}]|{'d':{'k':null}}",
        "{'a':[1,2,3]}|[{'op':'remove','path':'/a/-1'}]|{'a':[1,2]}",
        "{'a':[1,2,3]}|[{'op':'replace','path':'/a/01','value':9}]|{'a':[1,9,3]}",
        "{'x':1}|[{'op':'add','path':'data/x','value':2}]|{'x':2}",
        "{'x':1}|null|{'x':1}",
        "{'d':{}}|[{'op':'test','path':'/d/none','value':null}]|{'d':{}}",
        "{'d':1}|[{'op':'add','path':'/n'}]|{'d':1,'n':null}",
        "{'b':{'z':1,'a':2},'a':{'z':1,'a':2}}|[{'op':'add','path':'/a/m','value':3}]|{'a':{'a':2,'m':3,'z':1},'b':{'z':1,'a':2}}"
      })
  void takesTheLibertiesOfItsLibrary(String document, String patch, String patched) {
    assertThat(patch(document, patch)).isEqualTo(patched);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '~',
      delimiter = '|',
      value = {
        "{'n':81}|[{'op':'test','path':'/n','value':81.0}]",
        "{'d':{}}|[{'op':'remove','path':'/d/none'}]",
        "{'d':{}}|[{'op':'move','from':'/d/none','path':'/d/k'}]",
        "{'d':{}}|[{'op':'add','path':'/none/none','value':1}]",
        "{'d':'s'}|[{'op':'add','path':'/d/deeper','value':1}]",
        "{'a':[1]}|[{'op':'add','path':'/a/5','value':1}]",
        "{'a':[1]}|[{'op':'add','path':'/a/x','value':1}]",
        "{'d':1}|[{'op':'ADD','path':'/d','value':1}]",
        "{'d':1}|[null]",
        "{'d':1}|[{'op':'add','value':1}]"
      })
  void rejectsFailedOperationsWithoutSayingWhy(String document, String patch) {
    Status status = failure(document, patch);
    assertThat(status.code()).isEqualTo(422);
    assertThat(status.message()).isEqualTo("the server rejected our request due to an error in our request");
    assertThat(GoText.json(status.toValue())).contains("\"details\":{}");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '~',
      delimiter = '|',
      value = {
        "{'op':'add'}|json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp",
        "[1]|json: cannot unmarshal number into Go value of type handlers.jsonPatchOp",
        "[{'op':3}]|json: cannot unmarshal number into Go struct field jsonPatchOp.op of type string"
      })
  void refusesDocumentsThatAreNoPatch(String patch, String complaint) {
    Status status = failure("{}", patch);
    assertThat(status.code()).isEqualTo(400);
    assertThat(status.message()).isEqualTo("error decoding patch: " + complaint);
  }

  @Test
  void boundsTheNumberOfOperations() {
    var operation = TestJson.read("{'op':'test','path':'/a','value':1}");
    var patch = new ListValue(Collections.nCopies(10_001, operation));
    Status status =
        catchThrowableOfType(ApiException.class, () -> JsonPatch.apply(TestJson.object("{'a':1}"), patch, true)).status();
    assertThat(status.code()).isEqualTo(413);
    assertThat(status.message())
        .isEqualTo("Request entity too large: The allowed maximum operations in a JSON patch is 10000, got 10001");
  }

  @Test
  void boundsWhatCopiesAdd() {
    var document = ObjectValue.of("a", io.thyra.model.Value.of("x".repeat(1 << 20)));
    var copies = new ListValue(Collections.nCopies(3, TestJson.read("{'op':'copy','from':'/a','path':'/b'}")));
    assertThat(catchThrowableOfType(ApiException.class, () -> JsonPatch.apply(document, copies, true)).status().code())
        .isEqualTo(422);
  }

  @Test
  void listsUnknownMembers() {
    assertThat(JsonPatch.unknownFields(TestJson.read("[{'op':'add','why':1},{'comment':2}]")))
        .containsExactly("json patch unknown field \"[0].why\"", "json patch unknown field \"[1].comment\"");
  }

  // The examples of RFC 7386, appendix A, that are patches of an object.
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '~',
      delimiter = '|',
      value = {
        "{'a':'b'}|{'a':'c'}|{'a':'c'}",
        "{'a':'b'}|{'b':'c'}|{'a':'b','b':'c'}",
        "{'a':'b'}|{'a':null}|{}",
        "{'a':'b','b':'c'}|{'a':null}|{'b':'c'}",
        "{'a':['b']}|{'a':'c'}|{'a':'c'}",
        "{'a':'c'}|{'a':['b']}|{'a':['b']}",
        "{'a':{'b':'c'}}|{'a':{'b':'d','c':null}}|{'a':{'b':'d'}}",
        "{'a':[{'b':'c'}]}|{'a':[1]}|{'a':[1]}",
        "{'e':null}|{'a':1}|{'a':1,'e':null}",
        "{}|{'a':{'bb':{'ccc':null}}}|{'a':{'bb':{}}}"
      })
  void mergesAsTheRfcSays(String document, String patch, String merged) {
    var result = JsonMergePatch.apply(TestJson.object(document), TestJson.read(patch), true);
    assertThat(GoText.json(result).replace('"', '\'')).isEqualTo(merged);
  }

  @Test
  void refusesMergePatchesThatAreNoObject() {
    var document = ObjectValue.EMPTY;
    assertThat(
            catchThrowableOfType(ApiException.class, () -> JsonMergePatch.apply(document, TestJson.read("null"), true)))
        .hasMessage("Invalid JSON Patch");
    assertThat(catchThrowableOfType(ApiException.class, () -> JsonMergePatch.apply(document, TestJson.read("[]"), true)))
        .hasMessage("error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}");
  }
}
