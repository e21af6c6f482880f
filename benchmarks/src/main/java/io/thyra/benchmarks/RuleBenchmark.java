package io.thyra.benchmarks;

import io.thyra.cel.DeclType;
import io.thyra.cel.Environment;
import io.thyra.cel.Evaluation;
import io.thyra.cel.Expression;
import io.thyra.cel.Variables;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// One rule about a list of fifty names: compiled, evaluated with and without a regular expression.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class RuleBenchmark {
  private static final String WITH_REGEX = "self.names.all(n, n.matches('^[a-z]+-[0-9]+$'))";
  private static final String PLAIN = "self.names.all(n, n.startsWith('name') && n != self.name)";
  private static final int NAMES = 50;

  private Environment environment;
  private Expression withRegex;
  private Expression plain;
  private Variables variables;

  @Setup
  public void prepare() {
    DeclType text = DeclType.string(64);
    DeclType self =
        DeclType.object("self").field("name", text, true).field("names", DeclType.list(text, NAMES, "", List.of()), true).build();
    environment = Environment.builder().variable("self", self).build();
    withRegex = environment.compile(WITH_REGEX);
    plain = environment.compile(PLAIN);
    var names = new ArrayList<Value>();
    for (int i = 0; i < NAMES; i++) {
      names.add(Value.of("name-" + i));
    }
    ObjectValue object = ObjectValue.of("name", Value.of("other"), "names", new ListValue(names));
    variables = new Variables().put("self", object, self);
  }

  @Benchmark
  public Expression compile() {
    return environment.compile(WITH_REGEX);
  }

  @Benchmark
  public Evaluation evaluateRegex() {
    return withRegex.evaluate(variables);
  }

  @Benchmark
  public Evaluation evaluatePlain() {
    return plain.evaluate(variables);
  }
}
