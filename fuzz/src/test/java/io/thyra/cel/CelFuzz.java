package io.thyra.cel;

import io.thyra.fuzz.Samples;
import java.nio.charset.StandardCharsets;

/// Expressions as rules of definitions and as policies have them: compiled, their costs estimated, and evaluated within a
/// budget.
public final class CelFuzz {
  private static final long BUDGET = 100_000;
  private static final DeclType SELF =
      DeclType.object("self")
          .field("name", DeclType.string(64), true)
          .field("count", DeclType.INT, false)
          .field("share", DeclType.DOUBLE, false)
          .field("items", DeclType.list(DeclType.string(64), 10, "", java.util.List.of()), false)
          .field("labels", DeclType.map(DeclType.string(64), 10), false)
          .build();
  private static final Environment RULES = Environment.builder().variable("self", SELF).bindings().build();
  private static final PolicyCompiler POLICIES = PolicyCompiler.withVariables();
  private static final io.thyra.model.ObjectValue OBJECT =
      (io.thyra.model.ObjectValue)
          io.thyra.codec.JsonReader.read("{\"name\":\"n\",\"count\":3,\"share\":0.5,\"items\":[\"a\",\"b\"],\"labels\":{\"k\":\"v\"}}");

  private CelFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    String text = new String(data, StandardCharsets.UTF_8);
    try {
      Expression rule = RULES.compile(text);
      rule.estimatedCost(SELF);
      rule.resultTypeName();
      look(rule.evaluate(new Variables().put("self", OBJECT, SELF), BUDGET));
    } catch (CompilationException _) {
      // No rule.
    }
    try {
      Expression policy = POLICIES.compile(text, new PolicyCompiler.Uses(true, false, true));
      var variables = new Variables().put("object", Samples.of((byte) '0').object(), DeclType.DYN).put("oldObject", null, DeclType.DYN);
      look(policy.evaluate(variables, BUDGET));
    } catch (CompilationException _) {
      // No policy.
    }
  }

  private static void look(Evaluation evaluation) {
    evaluation.isTrue();
    evaluation.text();
    evaluation.error().map(EvaluationException::getMessage);
    if (evaluation.error().isEmpty()) {
      evaluation.findTypeProblem();
      evaluation.print();
      evaluation.json();
    }
  }
}
