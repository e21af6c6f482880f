package io.thyra.groups.core;

import java.util.BitSet;
import java.util.function.Function;

/// Which numbers of a range are taken, by whomever. Bit 0 is the first number of the range.
public interface AllocationMap {
  /// Looks at the set, changes it or not, and keeps it; the change is done anew when somebody else was faster, so it may do
  /// nothing else. What it throws leaves everything as it was. May wait.
  <T> T change(Function<BitSet, T> change);

  /// One of this process alone.
  static AllocationMap inMemory() {
    return new AllocationMap() {
      private BitSet taken = new BitSet();

      @Override
      public synchronized <T> T change(Function<BitSet, T> change) {
        var changed = (BitSet) taken.clone();
        T result = change.apply(changed);
        taken = changed;
        return result;
      }
    };
  }
}
