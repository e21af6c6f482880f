package io.thyra.codec;

import java.util.List;

/// What a route can answer with, as far as negotiation needs to know it.
///
/// @param formats what objects themselves can be answered in
/// @param tables whether Table is offered
/// @param routed whether upstream's router checks the headers before the handler does, which words its refusals otherwise
/// @param lists whether the route also serves watches, so that the router names the streams too
public record Endpoint(List<Format> formats, boolean tables, boolean routed, boolean lists) {
  /// A single built-in object.
  public static final Endpoint OBJECT = new Endpoint(List.of(Format.values()), true, true, false);

  /// A list or watch of built-in objects.
  public static final Endpoint LIST = new Endpoint(List.of(Format.values()), true, true, true);

  /// Custom resources, which have no protobuf and no router in front.
  public static final Endpoint CUSTOM = new Endpoint(List.of(Format.JSON, Format.YAML), true, false, false);

  /// Discovery documents and other answers without transformations.
  public static final Endpoint DOCUMENT = new Endpoint(List.of(Format.values()), false, false, false);

  /// A document that upstream serves behind its router.
  public static final Endpoint ROUTED_DOCUMENT = new Endpoint(List.of(Format.values()), false, true, false);

  public Endpoint {
    formats = List.copyOf(formats);
  }

  /// Whether answers have no other form than their own.
  boolean document() {
    return equals(DOCUMENT) || equals(ROUTED_DOCUMENT);
  }
}
