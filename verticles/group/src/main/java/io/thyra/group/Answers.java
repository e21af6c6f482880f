package io.thyra.group;

import io.thyra.cache.CachedObject;
import io.thyra.codec.Accepted;
import io.thyra.codec.EncodedMessage;
import io.thyra.codec.EncodedObject;
import io.thyra.codec.Format;
import io.thyra.codec.ListEncoder;
import io.thyra.codec.ListHead;
import io.thyra.codec.ObjectEncoder;
import io.thyra.codec.PartialObject;
import io.thyra.codec.Transform;
import io.thyra.model.Failure;
import io.thyra.model.GroupVersion;
import io.thyra.model.GroupVersionKind;
import io.thyra.model.ObjectValue;
import io.thyra.model.Status;
import io.thyra.registry.Forms;
import io.thyra.registry.ListPage;
import io.thyra.registry.Metadata;
import io.thyra.registry.VersionedType;
import io.thyra.schema.Schemas;
import io.thyra.schema.Struct;
import io.thyra.wire.ApiResponse;
import io.thyra.wire.SharedBytes;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Makes the answers of the verbs, in the format and the form that the client accepts: objects and lists put together of
/// what the cache has encoded already, or trees.
final class Answers {
  private static final Buffer NEWLINE = Buffer.buffer("\n");
  private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";

  private Answers() {}

  /// A stored object.
  static ApiResponse object(ResourceRequest request, int code, CachedObject object) {
    Accepted accepted = request.accepted();
    Forms forms = request.store().forms();
    VersionedType version = request.version();
    if (accepted.transform() == null) {
      if (accepted.format() == Format.JSON && !accepted.pretty()) {
        return respond(request, code, Format.JSON, List.of(SharedBytes.view(forms.json(object, version)), NEWLINE));
      }
      if (accepted.format() == Format.PROTOBUF) {
        byte[] answer = forms.protobuf(object, version).enveloped(version.kind().apiVersion(), version.kind().kind());
        return respond(request, code, Format.PROTOBUF, List.of(SharedBytes.view(answer)));
      }
    }
    return inVersion(request, code, forms.tree(object, version), () -> request.store().tree(object));
  }

  /// An object as a write left it, in the hub version.
  static ApiResponse tree(ResourceRequest request, int code, ObjectValue hub) {
    return inVersion(request, code, request.store().forms().fromHub(hub, request.version()), () -> hub);
  }

  private static ApiResponse inVersion(
      ResourceRequest request, int code, ObjectValue object, Supplier<ObjectValue> hub) {
    Transform transform = request.accepted().transform();
    if (transform == null) {
      return encode(request, code, request.store().forms().printed(object), request.version().struct());
    }
    return switch (transform.kind()) {
      case TABLE -> {
        String revision = Metadata.resourceVersion(object);
        var head = new ListHead("", "", revision, "", null, false);
        yield encode(request, code, Tables.of(request, head, List.of(hub.get())), null);
      }
      case PARTIAL_OBJECT ->
          encode(request, code, PartialObject.of(object, transform.version()), metaType("PartialObjectMetadata"));
      case PARTIAL_OBJECT_LIST ->
          throw new Failure.NotAcceptable(
                  "you requested PartialObjectMetadataList, but the requested object is not a list ("
                      + GoTypes.pointer(request.definition(), "")
                      + ")")
              .toException();
    };
  }

  /// A body of a kind other than the resource's: a Status, a Scale, the answer of an action. A Status is never transformed.
  static ApiResponse plain(ResourceRequest request, int code, ObjectValue body) {
    Transform transform = request.accepted().transform();
    if (transform != null && !body.string("kind").equals("Status")) {
      return transformed(request, code, body, transform);
    }
    return encode(request, code, body, Schemas.builtin().findKind(kindOf(body)).orElse(null));
  }

  private static ApiResponse transformed(ResourceRequest request, int code, ObjectValue body, Transform transform) {
    return switch (transform.kind()) {
      case TABLE -> {
        var head = new ListHead("", "", Metadata.resourceVersion(body), "", null, false);
        yield encode(request, code, Tables.ofScale(request, head, body), null);
      }
      case PARTIAL_OBJECT -> encode(request, code, PartialObject.of(body, transform.version()), metaType("PartialObjectMetadata"));
      case PARTIAL_OBJECT_LIST ->
          throw new Failure.NotAcceptable(
                  "you requested PartialObjectMetadataList, but the requested object is not a list ("
                      + "*"
                      + GoTypes.internal(kindOf(body))
                      + ")")
              .toException();
    };
  }

  private static GroupVersionKind kindOf(ObjectValue body) {
    return GroupVersion.parse(body.string("apiVersion")).kind(body.string("kind"));
  }

  static ApiResponse list(ResourceRequest request, ListPage page) {
    VersionedType version = request.version();
    Long remaining = page.remaining().isPresent() ? page.remaining().getAsLong() : null;
    var head =
        new ListHead(
            version.kind().apiVersion(),
            request.definition().listKind(),
            Long.toString(page.revision()),
            page.continueToken(),
            remaining,
            !request.definition().protobuf());
    Accepted accepted = request.accepted();
    Forms forms = request.store().forms();
    Transform transform = accepted.transform();
    if (transform != null) {
      // Custom columns change without their objects' notice.
      boolean kept = transform.kind() == Transform.Kind.TABLE && request.definition().protobuf();
      if (kept && accepted.format() == Format.JSON && !accepted.pretty()) {
        return respond(request, 200, Format.JSON, Tables.pieces(request, head, page.items()));
      }
      return transformed(request, page, head, transform);
    }
    if (accepted.format() == Format.JSON && !accepted.pretty()) {
      Iterator<CachedObject> objects = page.items().iterator();
      var pieces = new ArrayList<Buffer>();
      var encoded = new Encoding(forms, version, objects);
      ListEncoder.json(head, encoded).forEachRemaining(piece -> pieces.add(SharedBytes.view(piece)));
      return respond(request, 200, Format.JSON, pieces);
    }
    if (accepted.format() == Format.PROTOBUF) {
      List<EncodedMessage> items = page.items().stream().map(o -> forms.protobuf(o, version)).toList();
      List<Buffer> pieces = ListEncoder.protobuf(head, items).stream().map(SharedBytes::view).toList();
      return respond(request, 200, Format.PROTOBUF, pieces);
    }
    return encode(request, 200, head.tree(page.items().stream().map(o -> forms.tree(o, version)).toList()), null);
  }

  /// A list of objects that are stored nowhere, in the hub version.
  static ApiResponse trees(ResourceRequest request, List<ObjectValue> objects) {
    var head = new ListHead(request.version().kind().apiVersion(), request.definition().listKind(), "", "", null, false);
    Forms forms = request.store().forms();
    List<ObjectValue> shown = objects.stream().map(o -> forms.fromHub(o, request.version())).toList();
    Transform transform = request.accepted().transform();
    if (transform == null) {
      ObjectValue list = head.tree(shown);
      return encode(request, 200, list, Schemas.builtin().findKind(kindOf(list)).orElse(null));
    }
    return transformed(request, objects, shown, head, transform);
  }

  /// The items of a JSON list, each encoded as it is asked for.
  private record Encoding(Forms forms, VersionedType version, Iterator<CachedObject> objects) implements Iterator<EncodedObject> {
    @Override
    public boolean hasNext() {
      return objects.hasNext();
    }

    @Override
    public EncodedObject next() {
      return EncodedObject.of(forms.json(objects.next(), version));
    }
  }

  private static ApiResponse transformed(ResourceRequest request, ListPage page, ListHead head, Transform transform) {
    List<ObjectValue> hubs = page.items().stream().map(request.store()::tree).toList();
    Forms forms = request.store().forms();
    List<ObjectValue> shown =
        transform.kind() == Transform.Kind.TABLE
            ? List.of()
            : hubs.stream().map(o -> forms.fromHub(o, request.version())).toList();
    return transformed(request, hubs, shown, head, transform);
  }

  /// @param hubs the objects in the hub version, which tables show
  /// @param shown the objects in the version of the request
  private static ApiResponse transformed(
      ResourceRequest request, List<ObjectValue> hubs, List<ObjectValue> shown, ListHead head, Transform transform) {
    return switch (transform.kind()) {
      case TABLE -> encode(request, 200, Tables.of(request, head, hubs), null);
      case PARTIAL_OBJECT_LIST -> {
        ObjectValue list = PartialObject.listOf(head, shown, transform.version());
        yield encode(request, 200, list, metaType("PartialObjectMetadataList"));
      }
      case PARTIAL_OBJECT ->
          throw new Failure.NotAcceptable(
                  "you requested PartialObjectMetadata, but the requested object is a list ("
                      + GoTypes.pointer(request.definition(), "List")
                      + ")")
              .toException();
    };
  }

  private static @Nullable Struct metaType(String kind) {
    return Schemas.builtin().findType(META + kind).orElse(null);
  }

  /// A refusal, in a form that the client can read.
  static ApiResponse failure(Status status, Accepted accepted, List<String> warnings) {
    ObjectValue body = status.toValue();
    byte[] bytes = ObjectEncoder.encode(body, Schemas.builtin().findType(META + "Status").orElse(null), accepted);
    List<String> headers =
        status.details() != null && status.details().retryAfterSeconds() > 0
            ? List.of("Retry-After", Integer.toString(status.details().retryAfterSeconds()))
            : List.of();
    return new ApiResponse(
        status.code(), accepted.format().mediaType(), List.of(SharedBytes.view(bytes)), warnings, headers);
  }

  private static ApiResponse encode(ResourceRequest request, int code, ObjectValue body, @Nullable Struct type) {
    byte[] bytes = ObjectEncoder.encode(body, type, request.accepted());
    return respond(request, code, request.accepted().format(), List.of(SharedBytes.view(bytes)));
  }

  private static ApiResponse respond(ResourceRequest request, int code, Format format, List<Buffer> pieces) {
    return new ApiResponse(code, format.mediaType(), pieces, request.context().warnings(), List.of());
  }
}
