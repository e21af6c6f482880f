package io.thyra.group;

import io.thyra.codec.Canonical;
import io.thyra.codec.DecodeException;
import io.thyra.codec.Decoded;
import io.thyra.codec.Format;
import io.thyra.codec.JsonDocument;
import io.thyra.codec.Negotiation;
import io.thyra.codec.ProtobufEnvelope;
import io.thyra.codec.ProtobufReader;
import io.thyra.machinery.WriteOptions;
import io.thyra.model.ApiException;
import io.thyra.model.Failure;
import io.thyra.model.GroupVersionKind;
import io.thyra.model.ObjectValue;
import io.thyra.registry.RequestContext;
import io.thyra.schema.Schemas;
import io.thyra.schema.Struct;
import java.util.List;
import java.util.Optional;

/// Turns the body of a request into an object of the expected kind, with upstream's words for everything that can be wrong
/// with it. Source: apiserver pkg/endpoints/handlers/create.go and rest.go (transformDecodeError); apimachinery
/// pkg/runtime/serializer.
final class BodyDecoder {
  private final ResourceRequest request;
  private final WriteOptions options;
  private final GroupVersionKind expected;
  private final Struct type;
  private final boolean custom;
  // The one body that may come in a version of which nothing else is served.
  private static final GroupVersionKind OLD_EVICTION = new GroupVersionKind("policy", "v1beta1", "Eviction");

  /// For the objects of the resource itself.
  BodyDecoder(ResourceRequest request, WriteOptions options) {
    this(request, options, request.version().kind(), request.version().struct(), !request.definition().protobuf());
  }

  /// For bodies of a kind of their own.
  BodyDecoder(ResourceRequest request, WriteOptions options, GroupVersionKind expected) {
    this(request, options, expected, Schemas.builtin().findKind(expected).orElseThrow(), false);
  }

  private BodyDecoder(ResourceRequest request, WriteOptions options, GroupVersionKind expected, Struct type, boolean custom) {
    this.request = request;
    this.options = options;
    this.expected = expected;
    this.type = type;
    this.custom = custom;
  }

  /// The format that the Content-Type names.
  static Format format(ResourceRequest request) {
    Format format = Negotiation.body(request.request().contentType());
    if (format == Format.PROTOBUF && !request.definition().protobuf()) {
      throw new Failure.UnsupportedMediaType(
              "the body of the request was in an unknown format - accepted media types include: application/json, application/yaml")
          .toException();
    }
    return format;
  }

  /// The object in the hub version, defaults applied.
  ObjectValue decode(Format format) {
    ObjectValue sent = decodeAsSent(format);
    try {
      return request.store().forms().toHub(sent, request.version());
    } catch (DecodeException e) {
      throw unhandled(request.version().kind(), e.text());
    }
  }

  /// The object in the version in which it was sent, without defaults.
  ObjectValue decodeAsSent(Format format) {
    byte[] data = request.request().body().getBytes();
    return format == Format.PROTOBUF ? protobuf(data) : text(data, format);
  }

  private ObjectValue text(byte[] data, Format format) {
    BodyDocument body = read(data, format);
    GroupVersionKind kind = custom ? ownKind(body, data) : body.kind(expected);
    if (custom) {
      requireVersion(kind);
    }
    Decoded decoded;
    try {
      decoded = decode(body.document(), kind);
    } catch (DecodeException e) {
      throw unhandled(kind, e.text());
    }
    reportStrict(kind, body, decoded);
    requireKind(kind);
    requireVersion(kind);
    return decoded.object().with("kind", kind.kind()).with("apiVersion", kind.apiVersion());
  }

  private Decoded decode(JsonDocument document, GroupVersionKind kind) {
    return custom
        ? request.definition().decoding().decode(document, request.version(), options.reportsFields())
        : Canonical.decode(document, type(kind));
  }

  private BodyDocument read(byte[] data, Format format) {
    try {
      return BodyDocument.read(data, format, options.reportsFields());
    } catch (DecodeException e) {
      throw unrecognized(e.text(), data);
    }
  }

  /// Custom objects must say what they are.
  private GroupVersionKind ownKind(BodyDocument body, byte[] data) {
    if (body.kind().isEmpty()) {
      throw unrecognized("Object 'Kind' is missing in '" + body.printed().get() + "'", data);
    }
    return body.kind(new GroupVersionKind("", "", ""));
  }

  private void reportStrict(GroupVersionKind kind, BodyDocument body, Decoded decoded) {
    if (!options.reportsFields()) {
      return;
    }
    List<String> found = body.strictErrors(decoded);
    if (found.isEmpty()) {
      return;
    }
    if (options.isStrict()) {
      throw unhandled(kind, "strict decoding error: " + String.join(", ", found));
    }
    warn(request.context(), found);
  }

  /// Warns of each complaint; those of a YAML parser come several to a text.
  static void warn(RequestContext context, List<String> complaints) {
    for (String complaint : complaints) {
      for (String text : StrictErrors.lines(complaint)) {
        context.warn(text);
      }
    }
  }

  private ObjectValue protobuf(byte[] data) {
    ProtobufEnvelope envelope;
    try {
      envelope = ProtobufEnvelope.read(data);
    } catch (DecodeException e) {
      throw unrecognized(e.text(), data);
    }
    GroupVersionKind kind = BodyDocument.kind(envelope.apiVersion(), envelope.kind(), expected);
    ObjectValue object;
    try {
      object = ProtobufReader.read(envelope, type(kind));
    } catch (DecodeException e) {
      throw unhandled(kind, e.text());
    }
    requireKind(kind);
    requireVersion(kind);
    return object.with("kind", kind.kind()).with("apiVersion", kind.apiVersion());
  }

  private Struct type(GroupVersionKind kind) {
    if (kind.equals(expected)) {
      return type;
    }
    Optional<Struct> known = Schemas.builtin().findKind(kind);
    return known.orElseThrow(() -> unhandled(kind, unregistered(kind)));
  }

  static String unregistered(GroupVersionKind kind) {
    return "no kind \""
        + kind.kind()
        + "\" is registered for version \""
        + kind.apiVersion()
        + "\" in scheme \"pkg/runtime/scheme.go:111\"";
  }

  /// A registered kind of another group or name does not become the expected one.
  private void requireKind(GroupVersionKind kind) {
    if (custom) {
      return;
    }
    boolean convertible =
        kind.groupKind().equals(expected.groupKind())
            || isOfResource(expected) && isOfResource(kind);
    if (!convertible) {
      throw unhandled(
          kind, "converting (" + GoTypes.versioned(kind) + ") to (" + GoTypes.internal(expected) + "): unknown conversion");
    }
  }

  private boolean isOfResource(GroupVersionKind kind) {
    return request.definition().versions().stream().anyMatch(v -> v.kind().equals(kind));
  }

  private void requireVersion(GroupVersionKind kind) {
    if (!kind.groupVersion().equals(expected.groupVersion()) && !(kind.equals(OLD_EVICTION) && kind.groupKind().equals(expected.groupKind()))) {
      throw new Failure.BadRequest(
              "the API version in the data ("
                  + kind.apiVersion()
                  + ") does not match the expected API version ("
                  + expected.apiVersion()
                  + ")")
          .toException();
    }
  }

  private ApiException unhandled(GroupVersionKind kind, String why) {
    return new Failure.BadRequest(
            kind.kind() + " in version \"" + kind.version() + "\" cannot be handled as a " + expected.kind() + ": " + why)
        .toException();
  }

  private ApiException unrecognized(String why, byte[] data) {
    return new Failure.BadRequest(
            "the object provided is unrecognized (must be of type "
                + expected.kind()
                + "): "
                + why
                + " ("
                + BodyDocument.summary(data)
                + ")")
        .toException();
  }
}
