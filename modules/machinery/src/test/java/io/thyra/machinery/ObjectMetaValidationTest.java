package io.thyra.machinery;

import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import java.util.List;
import org.junit.jupiter.api.Test;

class ObjectMetaValidationTest {
  private static final FieldPath PATH = FieldPath.of("metadata");

  private static List<String> create(String metadata) {
    return ObjectMetaValidation.validate(TestJson.object(metadata), true, Names.DNS_SUBDOMAIN, PATH).stream()
        .map(FieldError::toString)
        .toList();
  }

  private static List<String> update(String metadata, String old) {
    return ObjectMetaValidation.validateUpdate(TestJson.object(metadata), TestJson.object(old), PATH).stream()
        .map(FieldError::toString)
        .toList();
  }

  @Test
  void acceptsOrdinaryMetadata() {
    assertThat(create("{'name':'a','namespace':'b','labels':{'x/y':'z'},'annotations':{'X.io/Y':'any thing'}}")).isEmpty();
  }

  @Test
  void demandsNameAndNamespace() {
    assertThat(create("{}"))
        .containsExactly(
            "metadata.name: Required value: name or generateName is required", "metadata.namespace: Required value");
  }

  @Test
  void forbidsNamespacesWhereThereAreNone() {
    assertThat(
            ObjectMetaValidation.validate(
                TestJson.object("{'name':'a','namespace':'b'}"), false, Names.PATH_SEGMENT, PATH))
        .extracting(FieldError::toString)
        .containsExactly("metadata.namespace: Forbidden: not allowed on this type");
  }

  @Test
  void checksOwners() {
    assertThat(create("{'name':'a','namespace':'b','ownerReferences':[{'apiVersion':'v1','kind':'Event','name':'e','uid':''}]}"))
        .containsExactly(
            "metadata.ownerReferences.uid: Invalid value: \"\": must not be empty",
            "metadata.ownerReferences: Invalid value: {\"apiVersion\":\"v1\",\"kind\":\"Event\",\"name\":\"e\",\"uid\":\"\"}: "
                + "/v1, Kind=Event is disallowed from being an owner");
    String owner = "{'apiVersion':'v1','kind':'A','name':'%s','uid':'u','controller':true}";
    assertThat(
            create("{'name':'a','namespace':'b','ownerReferences':[" + owner.formatted("x") + "," + owner.formatted("y") + "]}"))
        .singleElement()
        .asString()
        .endsWith("Found \"true\" in references for A/x and A/y");
  }

  @Test
  void boundsAnnotations() {
    var metadata =
        ObjectValue.builder()
            .put("name", "a")
            .put("namespace", "b")
            .put("annotations", ObjectValue.of("k", Value.of("x".repeat(256 * 1024))))
            .build();
    assertThat(ObjectMetaValidation.validate(metadata, true, Names.DNS_SUBDOMAIN, PATH))
        .extracting(FieldError::toString)
        .containsExactly("metadata.annotations: Too long: may not be more than 262144 bytes");
  }

  @Test
  void keepsWhatMayNotChange() {
    assertThat(update("{'name':'b','uid':'u2','resourceVersion':'1'}", "{'name':'a','uid':'u1','deletionGracePeriodSeconds':3}"))
        .containsExactly(
            "metadata.name: Invalid value: \"b\": field is immutable",
            "metadata.uid: Invalid value: \"u2\": field is immutable",
            "metadata.deletionGracePeriodSeconds: Invalid value: null: field is immutable");
    assertThat(update("{'name':'a'}", "{'name':'a'}"))
        .containsExactly("metadata.resourceVersion: Invalid value: \"\": must be specified for an update");
  }

  @Test
  void addsNoFinalizersToADyingObject() {
    assertThat(
            update(
                "{'name':'a','resourceVersion':'1','deletionTimestamp':'t','finalizers':['c/z','b/y','a/x']}",
                "{'name':'a','deletionTimestamp':'t','finalizers':['a/x']}"))
        .containsExactly(
            "metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, "
                + "found new finalizers []string{\"b/y\", \"c/z\"}");
  }
}
