package io.thyra.codec;

import java.util.List;

/// What a route can answer with, as far as negotiation needs to know it.
///
/// @param formats what objects themselves can be answered in
/// @param tables whether Table is offered
/// @param routed whether upstream's router checks the headers before the handler does, which words its refusals otherwise
/// @param lists whether the route also serves watches, so that the router names the streams too
/// @param partial whether PartialObjectMetadata is offered
public record Endpoint(List<Format> formats, boolean tables, boolean routed, boolean lists, boolean partial) {
  /// A single built-in object.
  public static final Endpoint OBJECT = new Endpoint(List.of(Format.values()), true, true, false, true);

  /// A list or watch of built-in objects.
  public static final Endpoint LIST = new Endpoint(List.of(Format.values()), true, true, true, true);

  /// Custom resources, which have no protobuf and no router in front.
  public static final Endpoint CUSTOM = new Endpoint(List.of(Format.JSON, Format.YAML), true, false, false, true);

  /// What answers questions and does things without storing any object: nothing to show in a table.
  public static final Endpoint ACTION = new Endpoint(List.of(Format.values()), false, true, false, true);

  /// Discovery documents and other answers without transformations.
  public static final Endpoint DOCUMENT = new Endpoint(List.of(Format.values()), false, false, false, false);

  /// A document that upstream serves behind its router.
  public static final Endpoint ROUTED_DOCUMENT = new Endpoint(List.of(Format.values()), false, true, false, false);

  public Endpoint {
    formats = List.copyOf(formats);
  }

  /// Whether answers have no other form than their own.
  boolean document() {
    return !tables && !partial;
  }
}
