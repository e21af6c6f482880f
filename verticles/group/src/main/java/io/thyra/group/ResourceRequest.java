package io.thyra.group;

import io.thyra.codec.Accepted;
import io.thyra.machinery.WriteOptions;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Query;
import io.thyra.registry.RequestContext;
import io.thyra.registry.ResourceDefinition;
import io.thyra.registry.ResourceStore;
import io.thyra.registry.VersionedType;
import io.thyra.registry.WriteRequest;
import io.thyra.wire.ApiRequest;
import java.util.Optional;

/// A request on its way through its handler: what was sent, and the resource and version that it is about.
///
/// @param accepted the form in which the client wants the answer
record ResourceRequest(
    ApiRequest request, Query query, ResourceStore store, VersionedType version, RequestContext context, Accepted accepted) {
  // The longest manager name, in bytes.
  private static final int MANAGER_BYTES_MAX = 128;

  ResourceDefinition definition() {
    return store.definition();
  }

  String namespace() {
    return request.info().namespace();
  }

  String name() {
    return request.info().name();
  }

  /// The same request as one that stores nothing, where its options say so.
  ResourceRequest withDryRun(boolean dryRun) {
    return dryRun ? new ResourceRequest(request, query, store, version, context.asDryRun(), accepted) : this;
  }

  /// The write of the registry that this request is.
  WriteRequest write(String optionsKind, WriteOptions options) {
    var told = ObjectValue.builder().put("kind", optionsKind).put("apiVersion", "meta.k8s.io/v1");
    if (options.isDryRun()) {
      told.put("dryRun", ListValue.ofStrings(options.dryRun()));
    }
    if (!options.fieldManager().isEmpty()) {
      told.put("fieldManager", options.fieldManager());
    }
    if (!options.fieldValidation().isEmpty()) {
      told.put("fieldValidation", options.fieldValidation());
    }
    return new WriteRequest(context, version, manager(options.fieldManager()), Optional.of(told.build()));
  }

  /// The owner of the fields that the request sets: as it says, or what its User-Agent begins with.
  private String manager(String named) {
    return named.isEmpty() ? managerOf(request.userAgent()) : named;
  }

  static String managerOf(String userAgent) {
    int slash = userAgent.indexOf('/');
    String product = slash < 0 ? userAgent : userAgent.substring(0, slash);
    var out = new StringBuilder();
    int bytes = 0;
    for (int c : product.codePoints().toArray()) {
      if (!printable(c)) {
        continue;
      }
      bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
      if (bytes > MANAGER_BYTES_MAX) {
        break;
      }
      out.appendCodePoint(c);
    }
    return out.toString();
  }

  private static boolean printable(int c) {
    return c == ' '
        || switch (Character.getType(c)) {
          case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED,
              Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SPACE_SEPARATOR -> false;
          default -> true;
        };
  }
}
