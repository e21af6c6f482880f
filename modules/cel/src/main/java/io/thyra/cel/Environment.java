package io.thyra.cel;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelSource;
import dev.cel.common.CelSourceLocation;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.StructType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What expressions may say: the functions of Kubernetes' CEL, and variables with their types. Immutable; safe for many threads.
/// Source: apiserver pkg/cel/environment/base.go.
public final class Environment {
  /// The type of `authorizer`.
  public static final DeclType AUTHORIZER = DeclType.computed(AuthorizationLibrary.AUTHORIZER);

  /// The type of `authorizer.requestResource`.
  public static final DeclType RESOURCE_CHECK = DeclType.computed(AuthorizationLibrary.RESOURCE_CHECK);

  /// The type of quantities.
  public static final DeclType QUANTITY = DeclType.computed(QuantityLibrary.TYPE);

  private static final int ERRORS_MAX = 100;
  // Longer lines are not shown with the error.
  private static final int SNIPPET_MAX = 16384;

  private static final CelOptions OPTIONS =
      CelOptions.current()
          .enableHeterogeneousNumericComparisons(true)
          .enableReservedIds(true)
          .enableOptionalSyntax(true)
          .enableQuotedIdentifierSyntax(false)
          .maxExpressionCodePointSize(Integer.MAX_VALUE)
          .populateMacroCalls(false)
          .build();

  private static final List<CelStandardMacro> MACROS =
      CelStandardMacro.STANDARD_MACROS.stream().filter(macro -> macro != CelStandardMacro.HAS).toList();

  /// The functions that every environment has, made once.
  private static final class Functions {
    static final List<Overload> OVERLOADS;
    static final Map<String, List<Overload>> BY_NAME = new HashMap<>();
    static final List<CelFunctionDecl> DECLARATIONS = new ArrayList<>();
    static final List<CelType> TYPES;

    static {
      var library = new Library();
      StringsLibrary.declare(library);
      ListsLibrary.declare(library);
      Regexes.declare(library);
      GoUrl.declare(library);
      NetLibrary.declare(library);
      QuantityLibrary.declare(library);
      SemverLibrary.declare(library);
      FormatLibrary.declare(library);
      AuthorizationLibrary.declare(library);
      MutationLibrary.declare(library);
      OVERLOADS = List.copyOf(library.overloads());
      TYPES = List.copyOf(library.types());
      for (Overload overload : OVERLOADS) {
        BY_NAME.computeIfAbsent(overload.function(), _ -> new ArrayList<>()).add(overload);
      }
      BY_NAME.forEach(
          (name, overloads) ->
              DECLARATIONS.add(
                  CelFunctionDecl.newFunctionDeclaration(name, overloads.stream().map(Overload::declaration).toList())));
    }
  }

  private final Map<String, DeclType> variables;
  private final Map<String, CelType> types;
  private final boolean mutation;
  private final boolean bindings;
  private final CelCompiler compiler;

  private Environment(Map<String, DeclType> variables, Map<String, CelType> types, boolean mutation, boolean bindings) {
    this.variables = Map.copyOf(variables);
    this.types = Map.copyOf(types);
    this.mutation = mutation;
    this.bindings = bindings;
    this.compiler = compiler(ImmutableSet.of());
  }

  public static Builder builder() {
    return new Builder();
  }

  /// Collects variables and types. For one thread.
  public static final class Builder {
    private final Map<String, DeclType> variables = new LinkedHashMap<>();
    private final Map<String, CelType> types = new LinkedHashMap<>();
    private boolean mutation;
    private boolean bindings;

    private Builder() {}

    /// Declares a variable; a name with a dot is one of a namespace.
    public Builder variable(String name, DeclType type) {
      variables.put(name, type);
      declare(type);
      return this;
    }

    /// Lets expressions make `JSONPatch` and `Object` of any fields.
    public Builder mutation() {
      mutation = true;
      return this;
    }

    /// Lets expressions name parts of themselves with `cel.bind`.
    public Builder bindings() {
      bindings = true;
      return this;
    }

    private void declare(DeclType type) {
      if (type.celType() instanceof StructType struct && types.putIfAbsent(struct.name(), struct) != null) {
        return;
      }
      type.fields().values().forEach(field -> declare(field.type()));
      DeclType element = type.element();
      if (element != null) {
        declare(element);
      }
    }

    public Environment build() {
      Functions.TYPES.forEach(type -> types.putIfAbsent(type.name(), type));
      return new Environment(variables, types, mutation, bindings);
    }
  }

  private CelCompiler compiler(ImmutableSet<String> objectFields) {
    CelTypeProvider provider =
        new CelTypeProvider() {
          @Override
          public ImmutableCollection<CelType> types() {
            return ImmutableList.copyOf(types.values());
          }

          @Override
          public Optional<CelType> findType(String name) {
            Optional<CelType> type = Optional.ofNullable(types.get(name));
            return type.isPresent() || !mutation ? type : MutationLibrary.findType(name, objectFields);
          }
        };
    CelCompilerBuilder builder =
        CelCompilerFactory.standardCelCompilerBuilder()
            .setOptions(OPTIONS)
            .setStandardMacros(MACROS)
            .addLibraries(CelExtensions.optional(), CelExtensions.comprehensions())
            .addMacros(HasMacro.MACRO, SortBy.MACRO)
            .addFunctionDeclarations(Functions.DECLARATIONS)
            .setTypeProvider(provider);
    if (bindings) {
      builder.addLibraries(CelExtensions.bindings());
    }
    variables.forEach((name, type) -> builder.addVar(name, type.celType()));
    return builder.build();
  }

  /// Parses and checks an expression.
  ///
  /// @throws CompilationException when it cannot be compiled
  public Expression compile(String text) {
    CelValidationResult parsed = compiler.parse(text);
    CelAbstractSyntaxTree tree = result(parsed);
    CelCompiler checker = mutation ? compiler(MutationLibrary.fields(tree.getExpr())) : compiler;
    CelAbstractSyntaxTree checked = result(checker.check(tree));
    List<CelIssue> broken = Literals.validate(checked);
    if (!broken.isEmpty()) {
      throw new CompilationException(display(broken, checked.getSource()));
    }
    return new Expression(text, checked, Planner.plan(checked, Functions.BY_NAME));
  }

  private static CelAbstractSyntaxTree result(CelValidationResult result) {
    if (result.hasError()) {
      throw new CompilationException(display(result.getErrors(), result.getSource()));
    }
    try {
      return result.getAst();
    } catch (CelValidationException e) {
      throw new CompilationException(String.valueOf(e.getMessage()));
    }
  }

  /// Errors as cel-go shows them: where, what, and the line with a mark. Source: cel-go common/errors.go, common/error.go.
  private static String display(List<CelIssue> issues, CelSource source) {
    var sorted = new ArrayList<>(issues.stream().filter(issue -> Wording.isTold(issue.getMessage())).toList());
    sorted.sort(Comparator.comparing(CelIssue::getSourceLocation));
    var out = new StringBuilder();
    for (CelIssue issue : sorted.subList(0, Math.min(ERRORS_MAX, sorted.size()))) {
      CelSourceLocation where = issue.getSourceLocation();
      out.append(out.isEmpty() ? "" : "\n");
      out.append("ERROR: <input>:").append(where.getLine()).append(':').append(where.getColumn() + 1).append(": ");
      out.append(Wording.of(issue.getMessage(), functionBefore(source, where)));
      String line = source.getSnippet(where.getLine()).orElse("").replace('\t', ' ');
      boolean shown = source.getSnippet(where.getLine()).isPresent() && CelValues.utf8Size(line) <= SNIPPET_MAX;
      if (shown) {
        out.append("\n | ").append(line).append("\n | ");
        int[] points = line.codePoints().toArray();
        for (int i = 0; i < Math.min(where.getColumn(), points.length); i++) {
          // Wide characters have wide dots under them.
          out.append(points[i] < 0x80 ? '.' : '．');
        }
        out.append(where.getColumn() < points.length && points[where.getColumn()] >= 0x80 ? '＾' : '^');
      }
    }
    if (sorted.size() > ERRORS_MAX) {
      out.append('\n').append(sorted.size() - ERRORS_MAX).append(" more errors were truncated");
    }
    return out.toString();
  }

  /// The name before the parenthesis that stands before a place.
  private static String functionBefore(CelSource source, CelSourceLocation where) {
    String line = source.getSnippet(where.getLine()).orElse("");
    int open = line.lastIndexOf('(', Math.min(where.getColumn(), line.length()) - 1);
    int start = open;
    while (start > 0 && Character.isJavaIdentifierPart(line.charAt(start - 1))) {
      start--;
    }
    return open < 0 ? "" : line.substring(start, open);
  }
}
