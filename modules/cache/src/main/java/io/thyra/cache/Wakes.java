package io.thyra.cache;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The cursors that wait, by scope, so that a change costs a look-up for each scope that it touches and nothing for the
/// others. The cursors themselves are the links of the lists. Short critical sections under one lock; tasks run outside it.
final class Wakes {
  private final Map<String, Cursor> heads = new HashMap<>();

  synchronized void add(Cursor cursor, Runnable task) {
    boolean waiting = cursor.wake != null;
    cursor.wake = task;
    if (waiting) {
      return;
    }
    Cursor head = heads.put(cursor.scope(), cursor);
    cursor.left = null;
    cursor.right = head;
    if (head != null) {
      head.left = cursor;
    }
  }

  /// Takes a cursor out.
  ///
  /// @return its task, or null if it did not wait
  synchronized @Nullable Runnable remove(Cursor cursor) {
    Runnable task = cursor.wake;
    if (task == null) {
      return null;
    }
    Cursor left = cursor.left;
    Cursor right = cursor.right;
    if (left != null) {
      left.right = right;
    } else if (right != null) {
      heads.put(cursor.scope(), right);
    } else {
      heads.remove(cursor.scope());
    }
    if (right != null) {
      right.left = left;
    }
    cursor.wake = null;
    cursor.left = null;
    cursor.right = null;
    return task;
  }

  /// Takes out all cursors that a changed key concerns: those of the key and of each prefix of it that ends in a slash.
  synchronized void take(String key, int prefixLength, List<Runnable> tasks) {
    if (heads.isEmpty()) {
      return;
    }
    takeScope(key, tasks);
    for (int slash = key.indexOf('/', prefixLength - 1); slash >= 0; slash = key.indexOf('/', slash + 1)) {
      takeScope(key.substring(0, slash + 1), tasks);
    }
  }

  synchronized void takeAll(List<Runnable> tasks) {
    for (String scope : new ArrayList<>(heads.keySet())) {
      takeScope(scope, tasks);
    }
  }

  synchronized int scopes() {
    return heads.size();
  }

  private void takeScope(String scope, List<Runnable> tasks) {
    Cursor cursor = heads.remove(scope);
    while (cursor != null) {
      Runnable task = cursor.wake;
      if (task != null) {
        tasks.add(task);
      }
      Cursor right = cursor.right;
      cursor.wake = null;
      cursor.left = null;
      cursor.right = null;
      cursor = right;
    }
  }
}
