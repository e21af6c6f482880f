package io.thyra.machinery.apply;

import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import io.thyra.schema.Struct;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// The annotation in which kubectl's client-side apply keeps its configuration, and how server-side apply by kubectl
/// takes over from it. Source: apimachinery pkg/util/managedfields/internal/lastapplied*.go.
final class LastApplied {
  static final String ANNOTATION = "kubectl.kubernetes.io/last-applied-configuration";
  static final String MANAGER = "kubectl";

  private static final int ANNOTATIONS_BYTES_MAX = 256 * 1024;

  private LastApplied() {}

  /// The fields that client-side apply set and that still have its values; empty when there is no annotation that can
  /// be read in the version of the request.
  static FieldSet stillHeld(ObjectValue live, String apiVersion, Struct type) {
    String text = live.object("metadata", "annotations").string(ANNOTATION);
    if (text.isEmpty()) {
      return FieldSet.EMPTY;
    }
    try {
      if (!(JsonText.parse(text) instanceof ObjectValue applied) || !applied.string("apiVersion").equals(apiVersion)) {
        return FieldSet.EMPTY;
      }
      Typed now = Typed.of(live, apiVersion, type, false);
      Typed then = Typed.of(applied, apiVersion, type, false);
      Comparison change = then.compare(now);
      return then.fields().difference(change.modified()).difference(change.added()).difference(change.removed());
    } catch (TypedException | IllegalArgumentException _) {
      return FieldSet.EMPTY;
    }
  }

  /// The object with its annotation brought up to an applied configuration; without it where it would grow too large.
  /// The same object when it has none.
  static ObjectValue refresh(ObjectValue object, ObjectValue config) {
    ObjectValue annotations = object.object("metadata", "annotations");
    if (annotations.string(ANNOTATION).isEmpty()) {
      return object;
    }
    ObjectValue refreshed = annotations.with(ANNOTATION, new StringValue(text(config)));
    if (bytes(refreshed) > ANNOTATIONS_BYTES_MAX) {
      refreshed = annotations.without(ANNOTATION);
    }
    return object.with("metadata", object.object("metadata").with("annotations", refreshed));
  }

  private static String text(ObjectValue config) {
    ObjectValue bare = config;
    ObjectValue metadata = config.object("metadata");
    @Nullable Value annotations = metadata.get("annotations");
    if (annotations instanceof ObjectValue texts) {
      bare = config.with("metadata", metadata.with("annotations", texts.without(ANNOTATION)));
    } else if (annotations != null) {
      bare = config.with("metadata", metadata.without("annotations"));
    }
    var out = new StringBuilder();
    Values.appendJson(out, bare);
    return out.append('\n').toString();
  }

  private static long bytes(ObjectValue annotations) {
    long bytes = 0;
    for (int i = 0; i < annotations.size(); i++) {
      bytes += annotations.nameAt(i).getBytes(StandardCharsets.UTF_8).length;
      if (annotations.valueAt(i) instanceof StringValue(String text)) {
        bytes += text.getBytes(StandardCharsets.UTF_8).length;
      }
    }
    return bytes;
  }
}
