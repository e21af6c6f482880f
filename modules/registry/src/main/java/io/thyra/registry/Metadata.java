package io.thyra.registry;

import io.thyra.model.IntegerValue;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// The `metadata` of an object, read and changed field by field. A field that is set lands where upstream prints it, so
/// that an object keeps its canonical order. Source of the order: apimachinery pkg/apis/meta/v1/types.go, ObjectMeta.
public final class Metadata {
  private static final List<String> ORDER =
      List.of(
          "name",
          "generateName",
          "namespace",
          "selfLink",
          "uid",
          "resourceVersion",
          "generation",
          "creationTimestamp",
          "deletionTimestamp",
          "deletionGracePeriodSeconds",
          "labels",
          "annotations",
          "ownerReferences",
          "finalizers",
          "managedFields");

  private Metadata() {}

  public static String name(ObjectValue object) {
    return object.string("metadata", "name");
  }

  public static String namespace(ObjectValue object) {
    return object.string("metadata", "namespace");
  }

  public static String uid(ObjectValue object) {
    return object.string("metadata", "uid");
  }

  public static String resourceVersion(ObjectValue object) {
    return object.string("metadata", "resourceVersion");
  }

  public static long generation(ObjectValue object) {
    return object.integer(0, "metadata", "generation");
  }

  public static List<String> finalizers(ObjectValue object) {
    return object.list("metadata", "finalizers").strings();
  }

  /// When its deletion was asked for, null when it was not.
  public static @Nullable Instant deletionTimestamp(ObjectValue object) {
    String text = object.string("metadata", "deletionTimestamp");
    return text.isEmpty() ? null : Instant.parse(text);
  }

  public static OptionalLong deletionGracePeriodSeconds(ObjectValue object) {
    return object.at("metadata", "deletionGracePeriodSeconds") instanceof IntegerValue(long seconds)
        ? OptionalLong.of(seconds)
        : OptionalLong.empty();
  }

  /// A moment as metav1.Time prints it: UTC, whole seconds.
  public static String time(Instant moment) {
    return moment.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /// The object with a field of its metadata set; an empty string, an empty list and null take it away.
  public static ObjectValue with(ObjectValue object, String field, @Nullable Value value) {
    ObjectValue metadata = object.object("metadata");
    ObjectValue changed = isAbsent(value) ? metadata.without(field) : insert(metadata, field, value);
    if (changed == metadata) {
      return object;
    }
    if (object.has("metadata")) {
      return object.with("metadata", changed);
    }
    // Metadata follows the two names of the type.
    var out = ObjectValue.builder(object.size() + 1);
    for (String name : List.of("kind", "apiVersion")) {
      Value named = object.get(name);
      if (named != null) {
        out.put(name, named);
      }
    }
    out.put("metadata", changed);
    object.forEach(out::put);
    return out.build();
  }

  public static ObjectValue with(ObjectValue object, String field, String value) {
    return with(object, field, new StringValue(value));
  }

  public static ObjectValue with(ObjectValue object, String field, long value) {
    return with(object, field, new IntegerValue(value));
  }

  public static ObjectValue withFinalizers(ObjectValue object, List<String> finalizers) {
    return with(object, "finalizers", ListValue.ofStrings(finalizers));
  }

  /// The object with a field of its metadata as another object has it.
  public static ObjectValue withFrom(ObjectValue object, String field, ObjectValue source) {
    return with(object, field, source.object("metadata").get(field));
  }

  private static boolean isAbsent(@Nullable Value value) {
    return switch (value) {
      case null -> true;
      case StringValue(String text) -> text.isEmpty();
      case ListValue list -> list.isEmpty();
      case Value other -> other.isNull();
    };
  }

  private static ObjectValue insert(ObjectValue metadata, String field, @Nullable Value value) {
    if (value == null) {
      return metadata;
    }
    int rank = ORDER.indexOf(field);
    if (metadata.has(field) || rank < 0) {
      return metadata.with(field, value);
    }
    var out = ObjectValue.builder(metadata.size() + 1);
    boolean placed = false;
    for (int i = 0; i < metadata.size(); i++) {
      String name = metadata.nameAt(i);
      if (!placed && ORDER.indexOf(name) > rank) {
        out.put(field, value);
        placed = true;
      }
      out.put(name, metadata.valueAt(i));
    }
    return placed ? out.build() : out.put(field, value).build();
  }
}
