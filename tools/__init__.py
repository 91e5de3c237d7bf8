"""What makes the shipped files again: `features/*.toml` and `sample_images/`. It is not part of the package."""
