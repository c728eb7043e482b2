FROM caisson/static
