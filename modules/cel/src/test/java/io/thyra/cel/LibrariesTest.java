package io.thyra.cel;

import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.model.Value;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LibrariesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "quantity('2Mi').isGreaterThan(quantity('1Mi')) && quantity('2').add(quantity('500m')).sub(1).asApproximateFloat() == 1.5",
        "quantity('5').isInteger() && quantity('5').asInteger() == 5 && !quantity('5500m').isInteger() && sign(quantity('-1')) == -1",
        "quantity('1k') == quantity('1000') && !isQuantity('abc')",
        "ip('10.0.0.1').family() == 4 && ip('127.0.0.1').isLoopback() && !isIP('1.2.3') && !isIP('::ffff:1.2.3.4')",
        "string(ip('2001:0db8:0:0::1')) == '2001:db8::1' && ip.isCanonical('::1') && !ip.isCanonical('2001:0db8::1')",
        "ip('fe80::1').isLinkLocalUnicast() && ip('ff02::1').isLinkLocalMulticast() && ip('8.8.8.8').isGlobalUnicast()",
        "cidr('10.0.0.0/24').containsIP('10.0.0.9') && cidr('10.0.0.0/8').containsCIDR('10.2.0.0/16')",
        "cidr('10.2.0.1/16').masked() != cidr('10.2.0.1/16') && string(cidr('10.2.0.1/16').masked()) == '10.2.0.0/16'",
        "cidr('10.0.0.0/8').ip() == ip('10.0.0.0') && cidr('::/0').prefixLength() == 0 && !isCIDR('10.0.0.0')",
        "url('https://u:p@h:8443/p%20q?a=1&a=2#f').getPort() == '8443' && url('https://[::1]:80/').getHostname() == '::1'",
        "url('https://h:8443/p%20q?a=1&a=2').getQuery()['a'] == ['1', '2'] && url('https://h/p%20q').getEscapedPath() == '/p%20q'",
        "isURL('/only/path') && !isURL('../rel') && !isURL('')",
        "'ab42cd'.find('[0-9]+') == '42' && 'ab42cd'.findAll('[a-z]+', 1) == ['ab'] && 'x'.find('[0-9]') == ''",
        "[1, 2, 3].isSorted() && [1, 2, 3].sum() == 6 && ['b', 'a'].min() == 'a' && [2.5, 1.0].max() == 2.5",
        "[1, 2, 1].indexOf(1) == 0 && [1, 2, 1].lastIndexOf(1) == 2 && [1].indexOf(9) == -1 && [duration('1s')].sum() == duration('1s')",
        "sets.contains([1, 2, 3], [1, 2]) && sets.intersects([1], [1, 7]) && sets.equivalent([1, 2], [2, 1, 1])",
        "[[1, 2], [3]].flatten() == [1, 2, 3] && [[[1]], [[2]]].flatten(2) == [1, 2] && [1, 1, 2].distinct() == [1, 2]",
        "lists.range(3) == [0, 1, 2] && [1, 2, 3].slice(1, 2) == [2] && [1, 2].reverse() == [2, 1] && [3, 1, 2].sort() == [1, 2, 3]",
        "[1, 2, 3].sortBy(x, -x) == [3, 2, 1] && [1].last() == optional.of(1) && ![].first().hasValue()",
        "!format.dns1123Label().validate('a-b').hasValue() && format.named('uuid').hasValue() && !format.named('no').hasValue()",
        "format.dns1123Subdomain().validate('-x').value().size() == 1 && format.uuid().validate('x').value() == ['does not match the UUID format']",
        "semver('1.3.0').isGreaterThan(semver('1.3.0-rc.1')) && semver('v1', true).minor() == 0 && !isSemver('v1.3')",
        "semver('1.0.0-alpha.2').compareTo(semver('1.0.0-alpha.10')) == -1 && isSemver('01.0', true) && !isSemver('01.0.0')",
        "'a , b'.split(',').size() == 2 && ' x '.trim() == 'x' && 'aé'.upperAscii() == 'Aé' && 'a,b,c'.split(',', 2) == ['a', 'b,c']",
        "'hello'.replace('l', 'L', 1) == 'heLlo' && 'ab'.replace('', '-') == '-a-b-' && 'tacocat'.lastIndexOf('c') == 4",
        "'abc'.charAt(3) == '' && 'abc'.substring(1, 2) == 'b' && ['a', 'b'].join('-') == 'a-b' && strings.quote('a\"') == '\"a\\\\\"\"'",
        "'%s is %d of %.2f'.format(['x', 7, 1.5]) == 'x is 7 of 1.50' && '%s'.format([[1, 2.5, 'a']]) == '[1, 2.500000, \"a\"]'",
        "'%x %X %b %o %%'.format([255, 'hi', 5, 8]) == 'ff 6869 101 10 %' && '%.1f'.format([12345.678]) == '12,345.7'",
        "timestamp('2024-05-06T07:08:09.5Z').getMilliseconds() == 500 && timestamp('2024-05-06T00:00:00Z').getDayOfWeek() == 1",
        "timestamp('2024-05-06T23:30:00Z').getHours('+01:00') == 0 && timestamp('2024-01-01T00:00:00Z') - duration('24h') < self.when",
        "string(duration('90m')) == '5400s' && duration('1h30m').getMinutes() == 90 && string(1.5e10) == '1.5e+10'",
        "int('5') == 5 && int(2.9) == 2 && uint(3) == 3u && double('1e3') == 1000.0 && bool('True') && bytes('é').size() == 2",
        "self.n > 1.5 && self.n < 9u && dyn(1) == dyn(1.0) && dyn(1) == dyn(1u) && self.f == 2.0 && 3 in [1, 3]",
        "self.l.all(i, v, v > i - 3) && self.l.transformList(i, v, i + v).size() == 3 && {'a': 1}.transformMap(k, v, v + 1) == {'a': 2}",
        "[1].transformMapEntry(i, v, {string(v): i}) == {'1': 0} && {'a': 1}.existsOne(k, v, v == 1)",
        "self.?b.orValue('none') == 'none' && self.?s.hasValue() && [?self.?b].size() == 0 && self.?s.optMap(x, x + '!').value() == 'abc!'",
        "d[?'nothing'].orValue(1) == 1 && optional.none().or(optional.of(2)).value() == 2 && !optional.ofNonZeroValue('').hasValue()",
        "self.a__dot__b == 5 && self.__namespace__ == 'here' && has(self.s) && !has(self.b)",
        "self.set == [2, 1] || self.set + [3] == [1, 2, 3]",
        "type(self.s) == string && type(self.l) == list && type(d) == map && type(ip('::1')) == net.IP",
        "(self.n > 5 ? 'big' : 'small') == 'big' && self.l.exists(x, x / 0 > 1 || true) && (true || d.nothing.at.all)",
        "self.l.exists_one(x, x == 1) && self.l.filter(x, x > 1).map(x, x * 2) == [6, 4] && {'a': {'b': 1}}.a.b == 1",
      })
  void saysYes(String expression) {
    Evaluation evaluation = Specimen.evaluate(expression);
    assertThat(evaluation.error().map(EvaluationException::getMessage)).isEmpty();
    assertThat(evaluation.isTrue()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "ip(self.s).isUnspecified()|1.2.3|IP Address \"1.2.3\" parse error during conversion from string: ParseAddr(\"1.2.3\"): IPv4 address too short",
        "cidr(self.s).ip() == ip('::')|x|network address parse error during conversion from string: network address parse error during conversion from string: netip.ParsePrefix(\"x\"): no '/'",
        "url(self.s).getHost() == ''|::|URL parse error during conversion from string: parse \"::\": missing protocol scheme",
        "url(self.s).getHost() == ''|../rel|URL parse error during conversion from string: parse \"../rel\": invalid URI for request",
        "self.s.substring(1, 3) == ''|a|index out of range: 3",
        "10 / (self.n - 7) == 5|a|division by zero",
        "self.n % (self.n - 7) == 5|a|modulus by zero",
        "self.n * 9223372036854775807 > 0|a|integer overflow",
        "self.l[3] == 2|a|index out of bounds: 3",
        "timestamp(self.s).getFullYear() == 2024|soon|type conversion error from 'string' to 'google.protobuf.Timestamp'",
        "int(self.s) > 0|x|type conversion error from 'string' to 'int'",
        "self.s.matches('^' + self.s + '$')|a[|error parsing regexp: missing closing ]: `[$`",
        "self.b == ''|a|no such key: b",
        "d.nothing.more == ''|a|no such key: nothing",
        "{'a': 1}[self.s] == 1|b|no such key: b",
        "self.l.filter(x, x > 9).min() == 1|a|min called on empty list",
        "d.n + d.s == ''|a|no such overload",
        "optional.none().value() == 1|a|optional.none() dereference",
        "quantity('5500m').asInteger() == 5|a|cannot convert value to integer",
        "semver(self.s).major() == 1|1.2|No Major.Minor.Patch elements found",
        "self.l.all(x, x / 0 > 1)|a|division by zero",
      })
  void tellsWhyThereIsNoValue(String expression, String text, String words) {
    Evaluation evaluation = Specimen.evaluate(expression, Specimen.OBJECT.with("s", Value.of(text)));
    assertThat(evaluation.error().map(EvaluationException::getMessage)).contains(words);
  }
}
