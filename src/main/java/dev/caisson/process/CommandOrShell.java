package dev.caisson.process;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The constraint that exactly one of {@code command} and {@code shell} is given. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = CommandOrShell.Check.class)
@interface CommandOrShell {
  String message() default "give either command or shell";

  Class<?>[] groups() default {};

  Class<? extends Payload>[] payload() default {};

  /** The validator, which names the field at fault. */
  final class Check implements ConstraintValidator<CommandOrShell, StartRequest> {
    @Override
    public boolean isValid(StartRequest request, ConstraintValidatorContext context) {
      boolean command = request.command() != null;
      boolean shell = request.shell() != null;
      if (command != shell) {
        return true;
      }
      context.disableDefaultConstraintViolation();
      context
          .buildConstraintViolationWithTemplate(context.getDefaultConstraintMessageTemplate())
          .addPropertyNode(command ? "shell" : "command")
          .addConstraintViolation();
      return false;
    }
  }
}
