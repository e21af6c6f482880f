package io.thyra.schema;

/// Values without structure of their own, each with its canonical JSON form and its protobuf form.
public enum Scalar implements Shape {
  STRING,
  BOOLEAN,
  INT32,
  INT64,
  DOUBLE,
  /// Base64 in JSON.
  BYTES,
  /// resource.Quantity: a string (or number) that is canonicalised; message {string = 1} in protobuf.
  QUANTITY,
  /// intstr.IntOrString: message {type = 1, intVal = 2, strVal = 3} in protobuf.
  INT_OR_STRING,
  /// metav1.Time: RFC 3339 in seconds; message {seconds = 1, nanos = 2}.
  TIME,
  /// metav1.MicroTime: six digits of fraction.
  MICRO_TIME,
  /// metav1.Duration: a Go duration text; message {duration = 1} in nanoseconds.
  DURATION
}
