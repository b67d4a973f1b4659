"""Builds tests/outside, a project that is not ours and takes soak as a subdirectory."""

import os
import subprocess

from soak_cli import SOURCE_DIR


def build_outside(test, targets, *options):
    """Configures and builds the targets in the test's folder, without a warning; returns the build folder."""
    build = test.folder / "build"
    for command in (["cmake", "-S", SOURCE_DIR / "tests/outside", "-B", build, "-G", "Ninja",
                     f"-DSOAK_SOURCE_DIR={SOURCE_DIR}", "-DCMAKE_BUILD_TYPE=RelWithDebInfo",
                     "-DCMAKE_CXX_COMPILER_LAUNCHER=ccache", *options],
                    ["cmake", "--build", build, "--target", *targets]):
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ)
        test.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        test.assertNotIn("warning", done.stderr.lower())
    return build
