/// The Kubernetes types as data: what fields a kind has, their wire numbers, their list and map semantics, and which
/// resources the server knows. JSON, protobuf, strict decoding, patches, server-side apply, OpenAPI and custom
/// resources all read this one model. Start reading at [io.thyra.schema.Schemas] and [io.thyra.schema.Shape].
@NullMarked
package io.thyra.schema;

import org.jspecify.annotations.NullMarked;
