package io.thyra.extensions;

import io.thyra.codec.JsonWriter;
import io.thyra.machinery.ObjectMetaValidation;
import io.thyra.model.ApiException;
import io.thyra.model.Failure;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GoText;
import io.thyra.model.GroupVersionKind;
import io.thyra.model.ListValue;
import io.thyra.model.NullValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Lets the webhook of a definition convert objects between its versions. Waits, so it is for threads that may.
/// Source: apiextensions-apiserver pkg/apiserver/conversion/webhook_converter.go.
final class ConversionWebhook {
  private static final String GROUP = "apiextensions.k8s.io/";

  private final ConversionClient client;
  private final ObjectValue clientConfig;
  private final Optional<String> reviewVersion;

  ConversionWebhook(ConversionClient client, ObjectValue webhook) {
    this.client = client;
    this.clientConfig = webhook.object("clientConfig");
    this.reviewVersion =
        webhook.list("conversionReviewVersions").strings().stream().filter(v -> v.equals("v1") || v.equals("v1beta1")).findFirst();
  }

  /// @throws ApiException 500 when the webhook does not answer, or with something else
  ObjectValue convert(ObjectValue object, GroupVersionKind to) {
    if (object.size() == 2 && object.has("kind") && object.has("apiVersion")) {
      return object.with("apiVersion", to.apiVersion());
    }
    String version = reviewVersion.orElseThrow(() -> error("no supported conversion review versions"));
    String about = "conversion webhook for " + object.string("apiVersion") + ", Kind=" + object.string("kind");
    String uid = UUID.randomUUID().toString();
    ListValue answered = ask(about, version, uid, object, to);
    if (answered.size() != 1) {
      throw error(about + " returned " + answered.size() + " objects, expected 1");
    }
    return checked(about, object, answered.get(0), to);
  }

  private static ApiException error(String message) {
    return new Failure.Unclassified(500, message).toException();
  }

  private ListValue ask(String about, String version, String uid, ObjectValue object, GroupVersionKind to) {
    ObjectValue request =
        ObjectValue.builder()
            .put("uid", uid)
            .put("desiredAPIVersion", to.apiVersion())
            .put("objects", new ListValue(List.of(object)))
            .build();
    ObjectValue nothing =
        ObjectValue.builder()
            .put("uid", "")
            .put("convertedObjects", NullValue.NULL)
            .put("result", ObjectValue.of("metadata", ObjectValue.EMPTY))
            .build();
    ObjectValue review =
        ObjectValue.builder()
            .put("kind", "ConversionReview")
            .put("apiVersion", GROUP + version)
            .put("request", request)
            .put("response", nothing)
            .build();
    AsyncResult<ObjectValue> answer =
        client.post(clientConfig, Buffer.buffer(JsonWriter.write(review)).appendString("\n")).transform(Future::succeededFuture).await();
    if (answer.failed()) {
      throw error(about + " failed: " + answer.cause().getMessage());
    }
    return objects(about, version, uid, answer.result());
  }

  private static ListValue objects(String about, String version, String uid, ObjectValue review) {
    String kind = review.string("kind").isEmpty() ? "ConversionReview" : review.string("kind");
    String told = review.string("apiVersion").isEmpty() ? GROUP + version : review.string("apiVersion");
    if (!kind.equals("ConversionReview") || !told.equals(GROUP + "v1") && !told.equals(GROUP + "v1beta1")) {
      throw error(
          about
              + " failed: no kind "
              + GoText.quote(kind)
              + " is registered for version "
              + GoText.quote(told)
              + " in scheme \"pkg/runtime/scheme.go:111\"");
    }
    if (!told.equals(GROUP + version)) {
      throw error(
          about
              + " failed: converting ("
              + told.substring(GROUP.length())
              + ".ConversionReview) to ("
              + version
              + ".ConversionReview): unknown conversion");
    }
    boolean strict = version.equals("v1");
    if (strict && !review.has("kind")) {
      throw error(about + " failed: expected webhook response of " + GROUP + "v1, Kind=ConversionReview, got /, Kind=");
    }
    if (!(review.get("response") instanceof ObjectValue response)) {
      throw error(about + " failed: no response provided");
    }
    if (strict && !response.string("uid").equals(uid)) {
      throw error(about + " failed: expected response.uid=" + GoText.quote(uid) + ", got " + GoText.quote(response.string("uid")));
    }
    String status = response.string("result", "status");
    if (!status.equals("Success")) {
      String message = response.string("result", "message");
      throw error(about + " failed: " + (message.isEmpty() ? "response.result.status was '" + status + "', not 'Success'" : message));
    }
    return response.list("convertedObjects");
  }

  private static ObjectValue checked(String about, ObjectValue object, Value answered, GroupVersionKind to) {
    if (!(answered instanceof ObjectValue converted)) {
      throw error("json: cannot unmarshal " + answered.jsonType() + " into Go value of type map[string]interface {}");
    }
    if (!converted.string("apiVersion").equals(to.apiVersion())) {
      throw error(
          about
              + " returned invalid object at index 0: invalid groupVersion (expected "
              + to.apiVersion()
              + ", received "
              + converted.string("apiVersion")
              + ")");
    }
    if (!converted.string("kind").equals(object.string("kind"))) {
      throw error(
          about
              + " returned invalid object at index 0: invalid kind (expected "
              + object.string("kind")
              + ", received "
              + converted.string("kind")
              + ")");
    }
    requireSame(about, object, converted, "name", "name");
    requireSame(about, object, converted, "namespace", "namespace");
    requireSame(about, object, converted, "uid", "UID");
    return restored(about, object, converted);
  }

  private static void requireSame(String about, ObjectValue object, ObjectValue converted, String field, String word) {
    String expected = object.string("metadata", field);
    String got = converted.string("metadata", field);
    if (!expected.equals(got)) {
      throw error(about + " returned invalid object: must have the same " + word + ": " + expected + " != " + got);
    }
  }

  /// The converted object with the metadata of the original, of which a webhook may change labels and annotations alone.
  private static ObjectValue restored(String about, ObjectValue object, ObjectValue converted) {
    if (!(converted.get("metadata") instanceof ObjectValue told)) {
      throw error(about + " returned invalid metadata: missing metadata in converted object");
    }
    ObjectValue metadata = object.object("metadata");
    for (String field : List.of("labels", "annotations")) {
      Value value = told.get(field);
      if (value == null || value.isNull()) {
        metadata = metadata.without(field);
        continue;
      }
      if (!(value instanceof ObjectValue texts)) {
        throw error(about + " returned invalid metadata: invalid metadata." + field + " in converted object");
      }
      texts.forEach(
          (key, text) -> {
            if (!(text instanceof StringValue)) {
              throw error(about + " returned invalid metadata: metadata." + field + "[" + key + "] must be a string in converted object");
            }
          });
      if (!texts.equals(metadata.object(field))) {
        validate(about, field, texts);
      }
      metadata = metadata.with(field, texts);
    }
    return converted.with("metadata", metadata);
  }

  private static void validate(String about, String field, ObjectValue texts) {
    List<FieldError> errors =
        field.equals("labels")
            ? ObjectMetaValidation.labels(texts, FieldPath.of("metadata", "labels"))
            : ObjectMetaValidation.annotations(texts, FieldPath.of("metadata", "annotation"));
    if (!errors.isEmpty()) {
      List<String> all = errors.stream().map(FieldError::toString).distinct().toList();
      String text = all.size() == 1 ? all.getFirst() : "[" + String.join(", ", all) + "]";
      throw error(about + " returned invalid metadata: " + text);
    }
  }
}
