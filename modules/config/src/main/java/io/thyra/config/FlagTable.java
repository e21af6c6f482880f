package io.thyra.config;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// All flags, read from `flags.txt` beside this class.
public final class FlagTable {
  private final Map<String, Flag> flags;

  private FlagTable(Map<String, Flag> flags) {
    this.flags = flags;
  }

  public static FlagTable load() {
    var flags = new LinkedHashMap<String, Flag>();
    try (InputStream in = Objects.requireNonNull(FlagTable.class.getResourceAsStream("flags.txt"));
        var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      String group = "";
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.isBlank() || line.startsWith("#")) {
          continue;
        }
        if (line.startsWith("[")) {
          group = line.substring(1, line.length() - 1);
          continue;
        }
        Flag flag = parse(group, line);
        flags.put(flag.name(), flag);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new FlagTable(flags);
  }

  private static Flag parse(String group, String line) {
    String[] columns = line.split("\\|", 5);
    String state = columns[3].strip();
    int colon = state.indexOf(':');
    String word = colon < 0 ? state : state.substring(0, colon);
    return new Flag(
        group,
        columns[0].strip(),
        type(columns[1].strip()),
        columns[2].strip(),
        Flag.State.valueOf(word.toUpperCase(Locale.ROOT)),
        colon < 0 ? "" : state.substring(colon + 1).strip(),
        columns[4].strip());
  }

  private static Flag.Type type(String word) {
    return switch (word) {
      case "map" -> Flag.Type.MAP;
      case "stringArray" -> Flag.Type.STRING_ARRAY;
      default -> Flag.Type.valueOf(word.toUpperCase(Locale.ROOT));
    };
  }

  public List<Flag> all() {
    return new ArrayList<>(flags.values());
  }

  /// The flag of a name, `_` taken for `-` as upstream does.
  public Optional<Flag> find(String name) {
    return Optional.ofNullable(flags.get(name.replace('_', '-')));
  }

  /// The text of `--help`, in groups.
  public String help() {
    var out = new StringBuilder();
    out.append("The Thyra API server validates and stores the objects of a Kubernetes cluster and serves the API of\n");
    out.append("kube-apiserver 1.36 over REST. Without flags it serves on 127.0.0.1:6443 from a data folder of its user.\n\n");
    out.append("Usage:\n  thyra [flags]\n  thyra store [command]\n");
    String group = "";
    int width = flags.values().stream().mapToInt(f -> head(f).length()).max().orElse(0) + 3;
    for (Flag flag : flags.values()) {
      if (!flag.group().equals(group)) {
        group = flag.group();
        out.append('\n').append(group).append(" flags:\n\n");
      }
      out.append(pad(head(flag), width)).append(flag.description());
      boolean shown = !flag.defaultValue().isEmpty() && !flag.defaultValue().equals("false") && !flag.defaultValue().equals("0s");
      if (shown) {
        out.append(" (default ").append(flag.type() == Flag.Type.STRING ? "\"" + flag.defaultValue() + "\"" : flag.defaultValue()).append(')');
      }
      out.append('\n');
    }
    return out.toString();
  }

  private static String head(Flag flag) {
    String lead = flag.name().length() == 1 ? "  -" : "      --";
    return flag.name().equals("help") ? "  -h, --help" : (lead + flag.name() + " " + flag.type().shown()).stripTrailing();
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(Math.max(1, width - text.length()));
  }
}
