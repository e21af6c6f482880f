package io.thyra.authorization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thyra.model.AuthorizationAttributes;
import io.thyra.model.Authorizer;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.RequestInfo;
import io.thyra.model.StringValue;
import io.thyra.model.UserInfo;
import io.thyra.model.Value;
import io.thyra.registry.RequestContext;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AccessReviewsTest {
  private final List<AuthorizationAttributes> asked = new ArrayList<>();
  private final AccessReviews reviews =
      new AccessReviews(
          attributes -> {
            asked.add(attributes);
            return Authorizer.Decision.NO_OPINION;
          },
          Optional.of(new RbacPolicy()),
          false);

  @Test
  void refusesAQuestionAboutNothingAndNobody() {
    assertThatThrownBy(() -> review("subjectaccessreviews", ObjectValue.EMPTY))
        .hasMessage(
            ".authorization.k8s.io \"\" is invalid: [spec.resourceAttributes: Invalid value: null: exactly one of"
                + " nonResourceAttributes or resourceAttributes must be specified, spec.user: Invalid value: \"\": at least one of user"
                + " or group must be specified]");
  }

  @Test
  void asksAboutEveryVersionWhereNoneIsNamed() {
    ObjectValue spec = object("user", text("carol"), "resourceAttributes", object("verb", text("get"), "resource", text("pods")));
    assertThat(review("subjectaccessreviews", spec).object("status")).isEqualTo(ObjectValue.of("allowed", Value.of(false)));
    assertThat(asked.getFirst().version()).isEqualTo("*");
  }

  @Test
  void dropsRequirementsThatItDoesNotUnderstandAndTellsOfIt() {
    ObjectValue known = object("key", text("a"), "operator", text("In")).with("values", ListValue.ofStrings(List.of("b")));
    ObjectValue unknown = object("key", text("a"), "operator", text("Sometimes")).with("values", ListValue.ofStrings(List.of("b")));
    ObjectValue selector = ObjectValue.of("requirements", ListValue.of(known, unknown));
    ObjectValue spec =
        object("user", text("carol"), "resourceAttributes", object("verb", text("list"), "labelSelector", selector));
    assertThat(review("subjectaccessreviews", spec).string("status", "evaluationError"))
        .isEqualTo("spec.resourceAttributes.labelSelector partially ignored due to parse error");
    assertThat(asked.getFirst().labelSelector()).hasSize(1);
  }

  @Test
  void wantsNoMetadataButWhatTheServerPutThere() {
    ObjectValue spec = object("user", text("carol"), "nonResourceAttributes", object("path", text("/x"), "verb", text("get")));
    ObjectValue owned = ObjectValue.of("managedFields", ListValue.of(ObjectValue.of("manager", text("m"))));
    assertThat(create("subjectaccessreviews", owned, spec).object("status").bool("allowed")).isFalse();
    assertThatThrownBy(() -> create("subjectaccessreviews", ObjectValue.of("name", text("n")), spec))
        .hasMessage(".authorization.k8s.io \"\" is invalid: metadata: Invalid value: {\"name\":\"n\"}: must be empty");
  }

  @Test
  void wantsTheNamespaceOfALocalReviewTwice() {
    ObjectValue spec = object("user", text("carol"), "resourceAttributes", object("verb", text("list"), "namespace", text("other")));
    assertThatThrownBy(() -> review("localsubjectaccessreviews", spec)).hasMessageContaining("must match metadata.namespace");
  }

  @Test
  void doesNotRepeatTheQuestionOfARulesReview() {
    ObjectValue answer = review("selfsubjectrulesreviews", ObjectValue.of("namespace", text("ns")));
    assertThat(answer.object("spec").isEmpty()).isTrue();
    assertThat(answer.object("status").bool("incomplete")).isFalse();
    assertThatThrownBy(() -> review("selfsubjectrulesreviews", ObjectValue.EMPTY)).hasMessage("no namespace on request");
  }

  private ObjectValue review(String resource, ObjectValue spec) {
    boolean local = resource.startsWith("local");
    return create(resource, local ? ObjectValue.of("namespace", text("ns")) : ObjectValue.EMPTY, spec);
  }

  private ObjectValue create(String resource, ObjectValue metadata, ObjectValue spec) {
    var info = new RequestInfo(true, "/", "create", "apis", "authorization.k8s.io", "v1", "ns", resource, "", "");
    var context = new RequestContext(info, new UserInfo("carol", "", List.of()), "", false, Instant.EPOCH);
    return reviews.find(resource).orElseThrow().create(context, "ns", "", object("metadata", metadata, "spec", spec));
  }

  private static StringValue text(String text) {
    return new StringValue(text);
  }

  private static ObjectValue object(String name, Value value, String other, Value second) {
    return ObjectValue.of(name, value, other, second);
  }
}
