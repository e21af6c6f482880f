package io.thyra.nodes;

import io.thyra.model.ObjectValue;

/// Which streams of a process are wanted.
record Streams(boolean stdin, boolean stdout, boolean stderr, boolean tty) {
  static Streams of(ObjectValue options) {
    return new Streams(options.bool("stdin"), options.bool("stdout"), options.bool("stderr"), options.bool("tty"));
  }
}
