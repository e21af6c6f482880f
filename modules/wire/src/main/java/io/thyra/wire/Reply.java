package io.thyra.wire;

import io.thyra.model.Failure;

/// How a request over the bus ended. The bus passes it by reference.
public sealed interface Reply<R> {
  record Ok<R>(R value) implements Reply<R> {}

  record Failed<R>(Failure failure) implements Reply<R> {}
}
