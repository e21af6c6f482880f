package io.thyra.group;

import io.thyra.codec.Canonical;
import io.thyra.codec.DecodeException;
import io.thyra.codec.Decoded;
import io.thyra.codec.JsonDocument;
import io.thyra.codec.JsonReader;
import io.thyra.codec.JsonWriter;
import io.thyra.codec.MapConverter;
import io.thyra.codec.PatchFormat;
import io.thyra.machinery.JsonMergePatch;
import io.thyra.machinery.JsonPatch;
import io.thyra.machinery.StrategicMergePatch;
import io.thyra.machinery.WriteOptions;
import io.thyra.model.ApiException;
import io.thyra.model.Failure;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GoText;
import io.thyra.model.GroupKind;
import io.thyra.model.GroupVersionKind;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import io.thyra.schema.Schemas;
import io.thyra.schema.Struct;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// JSON patch, merge patch and strategic merge patch: applied to the object as the request's version prints it, and decoded
/// again. Source: apiserver pkg/endpoints/handlers/patch.go, jsonPatcher and smpPatcher.
record DocumentPatch(ResourceRequest request, Subject subject, WriteOptions options, PatchFormat format)
    implements PatchMechanism {
  /// A patched object, the text that errors quote of it, and the complaints about the patch itself.
  ///
  /// @param live what the patch was applied to, with which it shares what was not touched
  private record Patched(Value value, ObjectValue live, Supplier<String> text, List<String> complaints) {
    String printed() {
      return text.get();
    }
  }

  @Override
  public ObjectValue apply(Optional<ObjectValue> current) {
    ObjectValue live =
        current.orElseThrow(
            () -> new Failure.NotFound(request.request().info().groupResource(), request.name()).toException());
    return subject.owned(live, decode(patch(subject.printed(live))));
  }

  private Patched patch(ObjectValue current) {
    JsonDocument document = document();
    boolean checks = options.reportsFields();
    var complaints = new ArrayList<String>();
    return switch (format) {
      case JSON_PATCH -> {
        Value value = JsonPatch.apply(current, document.root(), checks);
        if (checks) {
          document.duplicates().forEach(d -> complaints.add("json patch " + d));
          complaints.addAll(JsonPatch.unknownFields(document.root()));
        }
        yield new Patched(value, current, () -> text(value), complaints);
      }
      case MERGE_PATCH -> {
        Value value = JsonMergePatch.apply(current, document.root(), checks);
        if (checks) {
          complaints.addAll(document.duplicates());
        }
        yield new Patched(value, current, () -> text(value), complaints);
      }
      case STRATEGIC_MERGE_PATCH -> {
        var result = StrategicMergePatch.apply(current, document.root(), subject.type());
        if (checks) {
          complaints.addAll(document.duplicates());
        }
        yield new Patched(result.patched(), current, result::printedPatch, complaints);
      }
      case APPLY -> throw new IllegalStateException("apply is no document patch");
    };
  }

  private static String text(Value value) {
    return new String(JsonWriter.write(value), StandardCharsets.UTF_8);
  }

  private JsonDocument document() {
    try {
      return JsonReader.parse(request.request().body().getBytes());
    } catch (DecodeException e) {
      throw new Failure.BadRequest(
              switch (format) {
                case JSON_PATCH -> options.reportsFields() ? "error decoding patch: " + e.text() : e.text();
                case MERGE_PATCH -> options.reportsFields() ? "error decoding patch: " + e.text() : "Invalid JSON Patch";
                case STRATEGIC_MERGE_PATCH, APPLY -> e.text();
              })
          .toException();
    }
  }

  /// The hub tree of a patched object, defaults applied.
  private ObjectValue decode(Patched patched) {
    try {
      return subject.custom() ? decodeCustom(patched) : decodeBuiltin(patched);
    } catch (DecodeException e) {
      throw invalid(patched, e.text());
    }
  }

  private ObjectValue decodeBuiltin(Patched patched) {
    if (format == PatchFormat.STRATEGIC_MERGE_PATCH) {
      // Upstream fills the type that it has; what the patch says of kinds is not read.
      Decoded decoded = MapConverter.decode(patched.value(), subject.type(), patched.live());
      report(patched, decoded);
      GroupVersionKind own = subject.kind();
      return subject.stored(decoded.object().with("kind", own.kind()).with("apiVersion", own.apiVersion()), own);
    }
    BodyDocument body = BodyDocument.of(JsonDocument.of(patched.value()), patched.text(), List.of());
    if (body.apiVersion().isEmpty()) {
      // Upstream decodes it into its internal type, which shares no field names: nothing is left.
      report(patched, new Decoded(ObjectValue.EMPTY, unknown(body.document())));
      return ObjectValue.EMPTY;
    }
    GroupVersionKind kind = body.kind(subject.kind());
    Struct type = subject.convertible(kind).orElse(null);
    if (type == null) {
      Struct other = Schemas.builtin().findKind(kind).orElseThrow(() -> new DecodeException(BodyDecoder.unregistered(kind)));
      Canonical.decode(patched.value(), other);
      throw new DecodeException(
          "converting (" + GoTypes.versioned(kind) + ") to (" + GoTypes.internal(subject.kind()) + "): unknown conversion");
    }
    ObjectValue known = type == subject.type() ? patched.live() : ObjectValue.EMPTY;
    Decoded decoded = Canonical.decode(patched.value(), type, known);
    report(patched, decoded);
    return subject.stored(decoded.object().with("kind", kind.kind()).with("apiVersion", kind.apiVersion()), kind);
  }

  private static List<String> unknown(JsonDocument document) {
    return document.root() instanceof ObjectValue root
        ? root.names().stream()
            .filter(name -> !name.equals("kind") && !name.equals("apiVersion"))
            .map(name -> "unknown field " + GoText.quote(name))
            .toList()
        : List.of();
  }

  private ObjectValue decodeCustom(Patched patched) {
    BodyDocument body = BodyDocument.of(JsonDocument.of(patched.value()), patched.text(), List.of());
    if (body.kind().isEmpty()) {
      throw new DecodeException("Object 'Kind' is missing in '" + patched.printed() + "'");
    }
    Decoded decoded =
        request.definition().decoding().decode(body.document(), request.version(), options.reportsFields());
    report(patched, decoded);
    return subject.stored(decoded.object(), subject.kind());
  }

  private void report(Patched patched, Decoded decoded) {
    if (!options.reportsFields()) {
      return;
    }
    var all = new ArrayList<>(patched.complaints());
    all.addAll(decoded.strictErrors());
    if (all.isEmpty()) {
      return;
    }
    if (options.isStrict()) {
      throw invalid(patched, "strict decoding error: " + String.join(", ", all));
    }
    BodyDecoder.warn(request.context(), all);
  }

  private static ApiException invalid(Patched patched, String why) {
    FieldError error = FieldError.invalid(FieldPath.of("patch"), patched.printed(), why);
    return new Failure.Invalid(new GroupKind("", ""), "", List.of(error)).toException();
  }
}
