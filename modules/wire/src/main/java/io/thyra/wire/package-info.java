/// What travels between verticles: requests and answers as records, typed endpoints over the event bus, and the stream
/// that a watch is pulled from. Start reading at [io.thyra.wire.ApiRequest].
@NullMarked
package io.thyra.wire;

import org.jspecify.annotations.NullMarked;
