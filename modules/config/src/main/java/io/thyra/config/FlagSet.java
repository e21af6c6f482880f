package io.thyra.config;

import io.thyra.model.GoText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The flags of one command line, read by pflag's rules: `--flag=value`, `--flag value`, bare booleans, `-v 4`, lists that
/// add up over repeats. Errors have upstream's texts.
public final class FlagSet {
  private final FlagTable table;
  private final Map<String, List<String>> values = new LinkedHashMap<>();

  private FlagSet(FlagTable table) {
    this.table = table;
  }

  public static FlagSet parse(FlagTable table, List<String> arguments) {
    FlagSet set = new FlagSet(table);
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (argument.indexOf('\0') >= 0) {
        throw new ConfigException("an argument holds a NUL: " + GoText.quote(argument));
      }
      if (argument.equals("-h")) {
        set.put(table.find("help").orElseThrow(), "true");
      } else if (argument.startsWith("--") && argument.length() > 2) {
        i = set.parseLong(argument.substring(2), arguments, i);
      } else if (argument.startsWith("-v")) {
        i = set.parseVerbosity(argument.substring(2), arguments, i);
      } else if (argument.startsWith("-") && argument.length() > 1) {
        throw new ConfigException("unknown shorthand flag: '" + argument.charAt(1) + "' in " + argument);
      } else {
        throw new ConfigException("kube-apiserver does not take any arguments, got " + quoteAll(arguments.subList(i, i + 1)));
      }
    }
    return set;
  }

  private static String quoteAll(List<String> texts) {
    return texts.stream().map(t -> "\"" + t + "\"").toList().toString();
  }

  private int parseLong(String body, List<String> arguments, int position) {
    int equals = body.indexOf('=');
    String name = equals < 0 ? body : body.substring(0, equals);
    Flag flag = table.find(name).orElseThrow(() -> new ConfigException("unknown flag: --" + name));
    if (equals >= 0) {
      put(flag, body.substring(equals + 1));
      return position;
    }
    if (flag.type() == Flag.Type.BOOL || flag.name().equals("version")) {
      put(flag, "true");
      return position;
    }
    if (position + 1 >= arguments.size()) {
      throw new ConfigException("flag needs an argument: --" + name);
    }
    put(flag, arguments.get(position + 1));
    return position + 1;
  }

  private int parseVerbosity(String rest, List<String> arguments, int position) {
    Flag flag = table.find("v").orElseThrow();
    if (!rest.isEmpty()) {
      put(flag, rest.startsWith("=") ? rest.substring(1) : rest);
      return position;
    }
    if (position + 1 >= arguments.size()) {
      throw new ConfigException("flag needs an argument: 'v' in -v");
    }
    put(flag, arguments.get(position + 1));
    return position + 1;
  }

  private void put(Flag flag, String value) {
    FlagValues.check(flag, value);
    List<String> all = values.computeIfAbsent(flag.name(), _ -> new ArrayList<>());
    if (!flag.type().accumulates()) {
      all.clear();
    }
    all.add(value);
  }

  /// Whether the command line names a flag.
  public boolean isSet(String name) {
    return values.containsKey(name);
  }

  /// The flags that the command line names, in the order of their first mention.
  public List<Flag> set() {
    return values.keySet().stream().map(name -> table.find(name).orElseThrow()).toList();
  }

  public String string(String name) {
    List<String> given = values.get(name);
    return given == null || given.isEmpty() ? table.find(name).orElseThrow().defaultValue() : given.getLast();
  }

  /// The text of a flag that has one; empty text counts as none.
  public Optional<String> findString(String name) {
    return Optional.of(string(name)).filter(text -> !text.isEmpty());
  }

  public boolean bool(String name) {
    return FlagValues.bool(string(name));
  }

  public int integer(String name) {
    return Integer.parseInt(string(name));
  }

  public Duration duration(String name) {
    return FlagValues.duration(string(name));
  }

  /// A list, whose values may be comma-separated in one flag (strings) or not (stringArray).
  public List<String> strings(String name) {
    Flag flag = table.find(name).orElseThrow();
    List<String> given = values.getOrDefault(name, flag.defaultValue().isEmpty() ? List.of() : List.of(flag.defaultValue()));
    if (flag.type() == Flag.Type.STRING_ARRAY) {
      return List.copyOf(given);
    }
    var all = new ArrayList<String>();
    given.stream().flatMap(text -> FlagValues.commaSeparated(text).stream()).forEach(all::add);
    return all;
  }

  /// A map given as key=value,key=value.
  public Map<String, String> map(String name) {
    var map = new LinkedHashMap<String, String>();
    for (String pair : strings(name)) {
      int equals = pair.indexOf('=');
      map.put(equals < 0 ? pair : pair.substring(0, equals), equals < 0 ? "" : pair.substring(equals + 1));
    }
    return map;
  }

  /// Every flag with its value in effect, printed as Go's pflag prints it.
  public Map<String, String> shown() {
    var shown = new TreeMap<String, String>();
    for (Flag flag : table.all()) {
      String value =
          switch (flag.type()) {
            case BOOL -> Boolean.toString(bool(flag.name()));
            case DURATION -> FlagValues.print(duration(flag.name()));
            case STRINGS, STRING_ARRAY, INTS -> "[" + String.join(",", strings(flag.name())) + "]";
            case MAP ->
                new TreeMap<>(map(flag.name())).entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).collect(Collectors.joining(","));
            case INT, FLOAT, IP, STRING -> string(flag.name());
          };
      shown.put(flag.name(), value);
    }
    return shown;
  }
}
