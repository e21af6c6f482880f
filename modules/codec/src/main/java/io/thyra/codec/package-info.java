/// How objects are read from and written to the wire. [io.thyra.codec.JsonReader], [io.thyra.codec.YamlReader] and
/// [io.thyra.codec.ProtobufReader] read bytes; [io.thyra.codec.Canonical] turns what was read into the tree that upstream
/// would print; the writers go back. Start reading at [io.thyra.codec.Canonical].
@NullMarked
package io.thyra.codec;

import org.jspecify.annotations.NullMarked;
