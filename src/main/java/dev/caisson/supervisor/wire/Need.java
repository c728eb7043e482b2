package dev.caisson.supervisor.wire;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The revision of the wire that a peer must have to understand all of a message. The service alone
 * asks: a supervisor that does not know a component would leave it out without a word.
 *
 * @param revision the highest {@link Since} of all that the message says, 0 if it has none
 * @param what the part that has that revision, for a person: {@code Start.limits}
 */
public record Need(int revision, String what) {
  private static final Need NOTHING = new Need(0, "");

  /** True for a class of which every peer knows all, nested types included. */
  private static final ClassValue<Boolean> OLD =
      new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
          return isOld(type, new HashSet<>());
        }
      };

  /**
   * Returns the revision needed to understand the message; a component that says nothing needs
   * none.
   */
  public static Need of(Record message) {
    if (OLD.get(message.getClass())) {
      return NOTHING;
    }
    Class<?> type = message.getClass();
    Need most = since(type, type.getSimpleName());
    for (RecordComponent component : type.getRecordComponents()) {
      Object value = value(message, component);
      if (saysSomething(value)) {
        String name = type.getSimpleName() + "." + component.getName();
        most = most.or(since(component, name)).or(inside(value, name));
      }
    }
    return most;
  }

  private Need or(Need other) {
    return other.revision > revision ? other : this;
  }

  private static Need inside(@Nullable Object value, String name) {
    return switch (value) {
      case Record nested -> of(nested);
      case Enum<?> constant -> since(field(constant), name + " " + constant.name());
      case List<?> list -> each(list, name);
      case Map<?, ?> map -> each(map.keySet(), name).or(each(map.values(), name));
      case null, default -> NOTHING;
    };
  }

  private static Need each(Collection<?> values, String name) {
    Need most = NOTHING;
    for (Object value : values) {
      most = most.or(inside(value, name));
    }
    return most;
  }

  /**
   * Returns whether a value must be understood: an older peer reads absent, empty and zero anyway.
   */
  private static boolean saysSomething(@Nullable Object value) {
    return switch (value) {
      case null -> false;
      case Boolean truth -> truth;
      case Number number -> number.longValue() != 0;
      case Collection<?> all -> !all.isEmpty();
      case Map<?, ?> map -> !map.isEmpty();
      default -> true;
    };
  }

  private static Need since(AnnotatedElement element, String name) {
    Since since = element.getAnnotation(Since.class);
    return since == null ? NOTHING : new Need(since.value(), name);
  }

  private static AnnotatedElement field(Enum<?> constant) {
    try {
      return constant.getDeclaringClass().getField(constant.name());
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException(e);
    }
  }

  private static @Nullable Object value(Record message, RecordComponent component) {
    try {
      var accessor = component.getAccessor();
      accessor.setAccessible(true);
      return accessor.invoke(message);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean isOld(Type type, Set<Type> seen) {
    if (!seen.add(type)) {
      return true;
    }
    if (type instanceof ParameterizedType generic) {
      return List.of(generic.getActualTypeArguments()).stream().allMatch(each -> isOld(each, seen));
    }
    if (!(type instanceof Class<?> known)) {
      return true;
    }
    boolean old = !known.isAnnotationPresent(Since.class);
    if (known.isEnum()) {
      return old
          && List.of(known.getFields()).stream()
              .noneMatch(field -> field.isAnnotationPresent(Since.class));
    }
    return old
        && (!known.isRecord()
            || List.of(known.getRecordComponents()).stream()
                .allMatch(each ->
                    !each.isAnnotationPresent(Since.class) && isOld(each.getGenericType(), seen)));
  }
}
