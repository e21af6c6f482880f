package io.thyra.codec;

import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ScannerException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// Says a syntax error in the words of upstream's parser, which stems from the same ancestor as ours.
/// Source: go.yaml.in/yaml/v2 scannerc.go, parserc.go and decode.go.
final class YamlErrors {
  // The spelling is upstream's.
  private static final String NO_HEX = "did not find expected hexdecimal number";

  private YamlErrors() {}

  static DecodeException endsInEscape(byte[] data) {
    int lines = 0;
    for (byte each : data) {
      lines += each == '\n' ? 1 : 0;
    }
    return new DecodeException("yaml: " + (lines == 0 ? "" : "line " + (lines + 1) + ": ") + NO_HEX);
  }

  static DecodeException translate(YamlEngineException error) {
    if (!(error instanceof MarkedYamlEngineException marked)) {
      return new DecodeException("yaml: control characters are not allowed");
    }
    boolean scanner = error instanceof ScannerException;
    int line = marked.getProblemMark().map(mark -> mark.getLine() + (!scanner && endsLine(mark) ? 1 : 0)).orElse(0);
    if (line != 0) {
      // Upstream counts lines from zero, except in what its scanner reports.
      line += scanner ? 1 : 0;
    } else {
      line = marked.getContextMark().map(Mark::getLine).orElse(0);
    }
    String where = line == 0 ? "" : "line " + line + ": ";
    return new DecodeException("yaml: " + where + problem(marked));
  }

  /// Whether the mark is at the end of a text that ends without a line break: upstream counts the break that is missing.
  private static boolean endsLine(Mark mark) {
    int[] buffer = mark.getBuffer();
    boolean end = mark.getPointer() >= buffer.length || buffer[mark.getPointer()] == 0;
    return end && mark.getColumn() != 0;
  }

  private static String problem(MarkedYamlEngineException error) {
    String problem = String.valueOf(error.getProblem());
    String context = String.valueOf(error.getContext());
    if (problem.endsWith("are not allowed here")) {
      String what = problem.startsWith("sequence") ? "block " + problem : problem;
      return what.replace("are not allowed here", "are not allowed in this context");
    }
    if (problem.contains("that cannot start any token")) {
      return "found character that cannot start any token";
    }
    if (problem.startsWith("expected the node content")) {
      return "did not find expected node content";
    }
    if (problem.startsWith("expected ',' or ']'")) {
      return "did not find expected ',' or ']'";
    }
    if (problem.startsWith("expected ',' or '}'")) {
      return "did not find expected ',' or '}'";
    }
    if (problem.startsWith("expected <block end>")) {
      return context.contains("mapping") ? "did not find expected key" : "did not find expected '-' indicator";
    }
    if (problem.startsWith("expected '<document start>'")) {
      return "did not find expected <document start>";
    }
    if (problem.startsWith("found unknown escape character")) {
      return "found unknown escape character";
    }
    if (problem.startsWith("expected escape sequence of")) {
      return NO_HEX;
    }
    if (problem.startsWith("found undefined tag handle")) {
      return "found undefined tag handle";
    }
    if (problem.startsWith("expected alphabetic or numeric character") || problem.startsWith("unexpected character found")) {
      return "did not find expected alphabetic or numeric character";
    }
    if (problem.startsWith("expected a comment or a line break")) {
      return "did not find expected comment or line break";
    }
    return problem;
  }
}
