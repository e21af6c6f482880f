package io.thyra.cel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/// The variables of policies and what their expressions may yield.
class PolicyCompilerTest {
  private static final PolicyCompiler.Uses PLAIN = new PolicyCompiler.Uses(false, false, false);

  @Test
  void fieldsOfTheRequestKeepTheirNames() {
    Expression expression =
        PolicyCompiler.stateless().compile("request.namespace + '/' + namespaceObject.metadata.namespace", PLAIN, "string");
    assertThat(expression.resultTypeName()).isEqualTo("string");
  }

  @Test
  void knowsVariablesOnceTheyAreDefined() {
    PolicyCompiler compiler = PolicyCompiler.withVariables();
    assertThatThrownBy(() -> compiler.compile("variables.a__b == 1", PLAIN))
        .isInstanceOf(CompilationException.class)
        .hasMessageContaining("undefined field 'a__b'");
    compiler.add("a__b", compiler.compile("1 + 1", PLAIN));
    assertThat(compiler.compile("variables.a__b == 1", PLAIN, "bool").resultTypeName()).isEqualTo("bool");
  }

  @Test
  void saysWhatAnExpressionMustYield() {
    assertThatThrownBy(() -> PolicyCompiler.stateless().compile("1", PLAIN, "bool"))
        .hasMessage("must evaluate to bool but got int");
    assertThatThrownBy(() -> PolicyCompiler.stateless().compile("1", PLAIN, "string", "null_type"))
        .hasMessage("must evaluate to one of [string null_type] but got int");
  }

  @Test
  void refusesVariablesThatAreNotOffered() {
    assertThatThrownBy(() -> PolicyCompiler.stateless().compile("params.a == 1", PLAIN))
        .hasMessageContaining("undeclared reference to 'params'");
    assertThatThrownBy(() -> PolicyCompiler.stateless().compile("authorizer.path('/a').check('get').allowed()", PLAIN))
        .hasMessageContaining("undeclared reference to 'authorizer'");
  }

  @Test
  void showsNoPlaceInAnEmptyExpression() {
    assertThatThrownBy(() -> PolicyCompiler.stateless().compile("", PLAIN))
        .hasMessageStartingWith("compilation failed: ERROR: <input>:1:0: Syntax error: mismatched input '<EOF>' expecting {'['")
        .hasMessageEndingWith("IDENTIFIER}");
  }
}
