package io.thyra.machinery;

import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GoText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The rules for IP addresses and CIDR blocks: strict ones for new fields, and those for fields that were once more
/// lenient, with the warnings that these give. Source: apimachinery pkg/util/validation/ip.go.
public final class IpAddresses {
  private static final String ADDRESS = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
  private static final String BLOCK = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";

  private IpAddresses() {}

  /// An address and the length of its prefix, as written.
  private record Block(IpText address, int prefix, boolean strict) {
    static Optional<Block> parse(String text) {
      int slash = text.indexOf('/');
      Optional<IpText> address = slash < 0 ? Optional.empty() : IpText.parse(text.substring(0, slash));
      if (address.isEmpty()) {
        return Optional.empty();
      }
      String length = text.substring(slash + 1);
      int prefix = length.chars().allMatch(c -> c >= '0' && c <= '9') ? IpText.number(length, 10) : -1;
      if (prefix < 0 || prefix > address.get().bits()) {
        return Optional.empty();
      }
      boolean strict = address.get().isStrict() && (length.length() == 1 || length.charAt(0) != '0');
      return Optional.of(new Block(address.get(), prefix, strict));
    }

    IpText network() {
      return address.masked(prefix);
    }

    /// The network, with the prefix counted as for IPv4 where the address prints as such.
    String networkText() {
      IpText network = network();
      int length = network.isMapped() ? Math.max(0, prefix - 96) : prefix;
      return network + "/" + length;
    }
  }

  /// Whether the text is an address at all, in the lenient sense.
  public static boolean isAddress(String text) {
    return IpText.parse(text).isPresent();
  }

  /// Whether an address or block is IPv6; false also for what is neither.
  public static boolean isIpv6(String text) {
    int slash = text.indexOf('/');
    return IpText.parse(slash < 0 ? text : text.substring(0, slash)).filter(ip -> !ip.is4()).isPresent();
  }

  /// Whether an address or block is IPv4; false also for what is neither.
  public static boolean isIpv4(String text) {
    int slash = text.indexOf('/');
    return IpText.parse(slash < 0 ? text : text.substring(0, slash)).filter(IpText::is4).isPresent();
  }

  /// The canonical text of an address, empty for what is none.
  public static Optional<String> canonical(String text) {
    return IpText.parse(text).map(IpText::toString);
  }

  private static List<FieldError> addressErrors(@Nullable FieldPath path, String value, boolean strict) {
    Optional<IpText> ip = IpText.parse(value);
    if (ip.isEmpty()) {
      return List.of(FieldError.invalid(path, value, ADDRESS));
    }
    var errors = new ArrayList<FieldError>();
    if (strict && !ip.get().isStrict()) {
      errors.add(FieldError.invalid(path, value, "must not have leading 0s"));
    } else if (strict && ip.get().isMapped()) {
      errors.add(FieldError.invalid(path, value, "must not be an IPv4-mapped IPv6 address"));
    }
    return errors;
  }

  /// The rule for fields that predate strict addresses. Values that the old object had pass.
  public static List<FieldError> validateLegacy(
      @Nullable FieldPath path, String value, boolean strict, List<String> oldValues) {
    return oldValues.contains(value) ? List.of() : addressErrors(path, value, strict);
  }

  public static List<FieldError> validate(@Nullable FieldPath path, String value) {
    List<FieldError> errors = addressErrors(path, value, true);
    if (!errors.isEmpty()) {
      return errors;
    }
    return canonicalErrors(path, value, canonical(value).orElse(value));
  }

  private static List<FieldError> canonicalErrors(@Nullable FieldPath path, String value, String canonical) {
    return value.equals(canonical)
        ? List.of()
        : List.of(FieldError.invalid(path, value, "must be in canonical form (" + GoText.quote(canonical) + ")"));
  }

  /// The warnings that a legacy field gives for an address.
  public static List<String> warnings(@Nullable FieldPath path, String value) {
    Optional<IpText> ip = IpText.parse(value);
    if (ip.isEmpty()) {
      return List.of();
    }
    String canonical = GoText.quote(ip.get().toString());
    String start = FieldPath.text(path) + ": ";
    if (!ip.get().isStrict() || ip.get().isMapped()) {
      return List.of(start + "non-standard IP address " + GoText.quote(value) + " is invalid: use " + canonical);
    }
    if (ip.get().is6() && !ip.get().toString().equals(value)) {
      return List.of(
          start + "IPv6 address " + GoText.quote(value) + " should be in RFC 5952 canonical format (" + canonical + ")");
    }
    return List.of();
  }

  private static List<FieldError> blockErrors(@Nullable FieldPath path, String value, boolean strict) {
    Optional<Block> block = Block.parse(value);
    if (block.isEmpty()) {
      return List.of(FieldError.invalid(path, value, BLOCK));
    }
    if (!strict) {
      return List.of();
    }
    if (!block.get().strict()) {
      return List.of(FieldError.invalid(path, value, "must not have leading 0s in IP or prefix length"));
    }
    if (block.get().address().isMapped()) {
      return List.of(FieldError.invalid(path, value, "must not have an IPv4-mapped IPv6 address"));
    }
    return block.get().network().sameBytes(block.get().address())
        ? List.of()
        : List.of(FieldError.invalid(path, value, "must not have bits set beyond the prefix length"));
  }

  /// The rule for CIDR fields that predate strict ones. Values that the old object had pass.
  public static List<FieldError> validateLegacyCidr(
      @Nullable FieldPath path, String value, boolean strict, List<String> oldValues) {
    return oldValues.contains(value) ? List.of() : blockErrors(path, value, strict);
  }

  public static List<FieldError> validateCidr(@Nullable FieldPath path, String value) {
    List<FieldError> errors = blockErrors(path, value, true);
    if (!errors.isEmpty()) {
      return errors;
    }
    return canonicalErrors(path, value, Block.parse(value).map(Block::networkText).orElse(value));
  }

  /// The warnings that a legacy field gives for a CIDR block.
  public static List<String> cidrWarnings(@Nullable FieldPath path, String value) {
    Optional<Block> found = Block.parse(value);
    if (found.isEmpty()) {
      return List.of();
    }
    Block block = found.get();
    String start = FieldPath.text(path) + ": ";
    String quoted = GoText.quote(value);
    var warnings = new ArrayList<String>();
    if (!block.network().sameBytes(block.address())) {
      warnings.add(
          start
              + "CIDR value "
              + quoted
              + " is ambiguous in this context (should be "
              + GoText.quote(block.networkText())
              + " or "
              + GoText.quote(block.address() + "/" + block.address().bits())
              + "?)");
    }
    if (!block.strict() || block.address().isMapped()) {
      warnings.add(
          start + "non-standard CIDR value " + quoted + " is invalid: use " + GoText.quote(block.networkText()));
    }
    String canonical = block.address() + "/" + block.prefix();
    if (warnings.isEmpty() && block.address().is6() && !canonical.equals(value)) {
      warnings.add(
          start + "IPv6 CIDR value " + quoted + " should be in RFC 5952 canonical format (" + GoText.quote(canonical) + ")");
    }
    return warnings;
  }

  /// An address with the length of its subnet, in canonical form.
  public static List<FieldError> validateInterfaceAddress(@Nullable FieldPath path, String value) {
    Optional<Block> block = Block.parse(value);
    if (block.isEmpty()) {
      return List.of(
          FieldError.invalid(
              path, value, "must be a valid address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64)"));
    }
    IpText address = block.get().address();
    int prefix = block.get().prefix();
    int length = address.is4() && prefix > 32 ? prefix - 96 : prefix;
    return canonicalErrors(path, value, address + "/" + length);
  }
}
