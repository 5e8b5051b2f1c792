"""The Dockerfile built and run for real, by podman (as root, without a registry) or by Docker: `make test-image`."""
