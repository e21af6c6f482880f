package io.thyra.cel;

import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import java.util.List;

/// A type with a bit of everything, and an object of it.
final class Specimen {
  static final DeclType TYPE =
      DeclType.object("selfType")
          .field("a", DeclType.INT, false)
          .field("b", DeclType.STRING, false)
          .field("s", DeclType.string(240), false)
          .field("n", DeclType.INT, false)
          .field("f", DeclType.DOUBLE, false)
          .field("l", DeclType.list(DeclType.INT, 5, "", List.of()), false)
          .field("set", DeclType.list(DeclType.INT, 5, "set", List.of()), false)
          .field("a.b", DeclType.INT, false)
          .field("namespace", DeclType.STRING, false)
          .field("when", DeclType.DATE_TIME, false)
          .field("free", DeclType.object("selfType.free").build(), false)
          .build();

  static final Environment ENVIRONMENT =
      Environment.builder().variable("self", TYPE).variable("oldSelf", TYPE).variable("d", DeclType.DYN).build();

  static final ObjectValue OBJECT =
      ObjectValue.builder()
          .put("s", "abc")
          .put("n", 7)
          .put("f", 2)
          .put("l", ListValue.of(Value.of(3), Value.of(1), Value.of(2)))
          .put("set", ListValue.of(Value.of(1), Value.of(2)))
          .put("a.b", 5)
          .put("namespace", "here")
          .put("when", "2024-05-06T07:08:09Z")
          .build();

  private Specimen() {}

  static Evaluation evaluate(String expression, ObjectValue self) {
    return ENVIRONMENT.compile(expression).evaluate(new Variables().put("self", self, TYPE).put("d", self, DeclType.DYN));
  }

  static Evaluation evaluate(String expression) {
    return evaluate(expression, OBJECT);
  }
}
