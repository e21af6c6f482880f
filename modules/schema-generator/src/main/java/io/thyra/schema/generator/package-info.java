/// The build tool that makes the schema resource. It reads what is published (protobuf descriptors, the comments of their
/// sources, the annotations of the OpenAPI models), adds the supplement, and writes two files that
/// `io.thyra.schema.BuiltinSchemas` reads. Start reading at [io.thyra.schema.generator.SchemaGenerator].
@NullMarked
package io.thyra.schema.generator;

import org.jspecify.annotations.NullMarked;
