package io.thyra.wire;

import io.thyra.model.ApiException;

/// How a request over the bus ended. The bus passes it by reference.
public sealed interface Reply<R> {
  record Ok<R>(R value) implements Reply<R> {}

  record Failed<R>(ApiException failure) implements Reply<R> {}
}
