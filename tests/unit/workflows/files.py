"""Small workflow files, each written for one trait; `STEPS` is what most jobs do."""

from __future__ import annotations

import textwrap

STEPS = """\
      - uses: actions/checkout@v4
      - run: make
"""


def _file(text: str) -> str:
    return textwrap.dedent(text).lstrip("\n")


def _job(before: str = "", after: str = "", steps: str = STEPS) -> str:
    return f"name: CI\non: push\n{before}jobs:\n  build:\n    runs-on: ubuntu-latest\n{after}    steps:\n{steps}"


FILES: dict[str, str] = {
    "plain": _job(),
    "on list": _job().replace("on: push", "on: [push, pull_request]"),
    "on mapping": _job().replace("on: push", "on:\n  push:\n    branches: [main]\n  workflow_dispatch:"),
    "on quoted": _job().replace("on: push", '"on": push'),
    "job block": _job(after="    permissions:\n      contents: read\n"),
    "job block with comments": _job(
        after="    permissions:\n      contents: read # to check out\n      # and nothing more\n"
    ),
    "job block blank line": _job(after="    permissions:\n      contents: read\n\n"),
    "job block odd indent": _job(after="    permissions:\n          contents: read\n"),
    "job block none": _job(after="    permissions:\n      contents: read\n      issues: none\n"),
    "job block read": _job(after="    permissions:\n      issues: read # listing\n      contents: read\n"),
    "job block quoted": _job(after="    permissions:\n      'issues': \"read\"\n      contents: read\n"),
    "job block has it": _job(after="    permissions:\n      contents: read\n      issues: write\n"),
    "job block after steps": _job() + "    permissions:\n      contents: read\n",
    "job block at the end": (_job() + "    permissions:\n      contents: read\n").rstrip("\n"),
    "job block other keys": _job(after="    permissions:\n      contents: read\n      copilot-requests: write\n"),
    "job flow": _job(after="    permissions: {contents: read}\n"),
    "job flow spaced": _job(after="    permissions: { contents: read, issues: read } # least\n"),
    "job flow empty": _job(after="    permissions: {}\n"),
    "job flow lines": _job(after="    permissions: {\n      contents: read\n    }\n"),
    "job read-all": _job(after="    permissions: read-all\n"),
    "job read-all comment": _job(after="    permissions: read-all # for now\n"),
    "job write-all": _job(after="    permissions: write-all\n"),
    "job null": _job(after="    permissions:\n"),
    "top block": _job(before="permissions:\n  contents: read\n\n"),
    "top flow": _job(before="permissions: {contents: read}\n"),
    "top empty": _job(before="permissions: {}\n"),
    "top read-all": _job(before="permissions: read-all\n"),
    "top block two jobs": _job(before="permissions:\n  contents: read\n  checks: write\n")
    + "  other:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make other\n",
    "top read-all two jobs": _job(before="permissions: read-all\n")
    + "  other:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make other\n",
    "both blocks": _job(before="permissions: read-all\n", after="    permissions:\n      contents: read\n"),
    "four spaces": _file("""
        on: push
        jobs:
            build:
                runs-on: ubuntu-latest
                steps:
                    - uses: actions/checkout@v4
    """),
    "runs-on list": _job().replace("runs-on: ubuntu-latest", "runs-on:\n      - self-hosted\n      - linux"),
    "runs-on comment": _job().replace("ubuntu-latest", "ubuntu-latest # the cheap one"),
    "runs-on last": "on: push\njobs:\n  build:\n    steps:\n" + STEPS + "    runs-on: ubuntu-latest",
    "crlf": _job(after="    permissions:\n      contents: read\n").replace("\n", "\r\n"),
    "crlf no block": _job().replace("\n", "\r\n"),
    "byte order mark": "\ufeff" + _job(),
    "github-script": _job(steps="      - uses: actions/github-script@v7\n        with:\n          script: return 1\n"),
    "token to a stranger": _job(
        steps="      - uses: actions/checkout@v4\n      - uses: octo-org/bot@v1\n        with:\n"
        "          token: ${{ secrets.GITHUB_TOKEN }}\n"
    ),
    "job flow style": "on: push\njobs:\n  build: {runs-on: ubuntu-latest, steps: [{run: make}]}\n",
    "all flow style": "{on: push, jobs: {build: {runs-on: ubuntu-latest, steps: [{run: make}]}}}\n",
    "anchored job": _job().replace("  build:", "  build: &build") + "  again: *build\n",
    "anchored block": _job(after="    permissions: &least\n      contents: read\n")
    + "  other:\n    runs-on: ubuntu-latest\n    permissions: *least\n    steps:\n      - run: make other\n",
    "anchored steps": _job(steps="      - &checkout\n        uses: actions/checkout@v4\n")
    + "  other:\n    runs-on: ubuntu-latest\n    steps:\n      - *checkout\n",
    "merge key": "x: &x\n  runs-on: ubuntu-latest\non: push\njobs:\n  build:\n    <<: *x\n    steps:\n" + STEPS,
    "call": "on: push\njobs:\n  build:\n    uses: octo-org/ci/.github/workflows/build.yml@main\n    with:\n      level: high\n",
    "call inherits": "on: push\njobs:\n  build:\n    uses: ./.github/workflows/build.yml\n    secrets: inherit\n",
    "call passes": "on: push\njobs:\n  build:\n    uses: ./.github/workflows/build.yml\n    secrets:\n"
    "      token: ${{ secrets.NPM_TOKEN }}\n",
    "matrix": _file("""
        on: push
        jobs:
          build:
            strategy:
              matrix:
                os: [ubuntu-latest, windows-latest]
                python: ["3.11", "3.12"]
            runs-on: ${{ matrix.os }}
            steps:
              - uses: actions/checkout@v4
              - name: Test on ${{ matrix.python }}
                run: pytest
          lint:
            name: Lint (fast)
            runs-on: ubuntu-latest
            steps:
              - run: ruff check .
          named:
            name: Wheels for ${{ matrix.target }} on ${{ matrix.os }}
            strategy:
              matrix: ${{ fromJSON(needs.plan.outputs.matrix) }}
            runs-on: ubuntu-latest
            steps:
              - run: |

                  cibuildwheel --target ${{ matrix.target }}
                  ls wheelhouse
    """),
    "called": _file("""
        on:
          workflow_call:
            inputs:
              level: {type: string}
            secrets:
              token: {required: true}
        jobs:
          publish:
            runs-on: ubuntu-latest
            environment:
              name: production
              url: https://example.com
            steps:
              - run: npm publish
                env:
                  NODE_AUTH_TOKEN: ${{ secrets.token }}
    """),
    "environments": _file("""
        on: push
        env:
          TOP: ${{ secrets.TOP_SECRET }}
          SHARED: ${{ secrets.FROM_TOP }}
        jobs:
          build:
            runs-on: ubuntu-latest
            environment: staging
            env:
              SHARED: ${{ secrets.FROM_JOB }}
              NPM_TOKEN: ${{ secrets.NPM_TOKEN || secrets.OLD_NPM_TOKEN || github.token }}
              LOOP: ${{ env.LOOP }}
            steps:
              - id: publish
                run: npm publish
                env:
                  NODE_AUTH_TOKEN: ${{ env.NPM_TOKEN }}
                  SHARED: ${{ secrets.FROM_STEP }}
                  PLAIN: words
                  ALL: ${{ toJSON(secrets) }}
                  BUILT: ${{ format('Bearer {0}', secrets['API_KEY']) }}
                  PICKED: ${{ secrets[matrix.name] }}
                  QUOTED: ${{ 'secrets.NOT_READ' }}
                  REGION: ${{ vars.REGION }}
                  LEVEL: ${{ inputs.level }}
              - uses: octo-org/bot@v1
                with:
                  Api-Key: ${{ secrets.BOT_KEY }}
                  repo token: ${{ github.token }}
    """),
    "oidc": _file("""
        on: push
        permissions:
          contents: read
        jobs:
          aws:
            runs-on: ubuntu-latest
            steps:
              - uses: aws-actions/configure-aws-credentials@v4
                with: {role-to-assume: "arn:aws:iam::1:role/x", aws-region: eu-west-1}
          keys:
            runs-on: ubuntu-latest
            steps:
              - uses: aws-actions/configure-aws-credentials@v4
                with: {aws-access-key-id: "${{ secrets.ID }}"}
          granted:
            runs-on: ubuntu-latest
            permissions: {id-token: write}
            steps:
              - uses: google-github-actions/auth@v2
                with: {workload_identity_provider: projects/1}
          npm:
            runs-on: ubuntu-latest
            steps:
              - run: npm publish --provenance
          npm-env:
            runs-on: ubuntu-latest
            env: {NPM_CONFIG_PROVENANCE: true}
            steps:
              - run: npm publish
          pypi:
            runs-on: ubuntu-latest
            permissions: write-all
            steps:
              - uses: pypa/gh-action-pypi-publish@release/v1
          azure:
            runs-on: ubuntu-latest
            permissions: read-all
            steps:
              - uses: Azure/login@v2
                with: {client-id: x}
    """),
    "pushes": _file("""
        on: push
        jobs:
          refused:
            runs-on: ubuntu-latest
            steps:
              - uses: actions/checkout@v4
                with:
                  persist-credentials: false
              - run: |
                  git commit -am x
                  git push
          kept:
            runs-on: ubuntu-latest
            steps:
              - uses: actions/checkout@v4
              - run: git push
          own:
            runs-on: ubuntu-latest
            steps:
              - uses: actions/checkout@v4
                with: {persist-credentials: false}
              - run: git push https://x-access-token:${{ github.token }}@github.com/o/r
          set-up:
            runs-on: ubuntu-latest
            steps:
              - uses: actions/checkout@v4
                with: {persist-credentials: false}
              - run: gh auth setup-git
              - run: git push
          other:
            runs-on: ubuntu-latest
            steps:
              - uses: actions/checkout@v4
                with: {persist-credentials: false, path: site}
              - run: git push
          clone:
            runs-on: ubuntu-latest
            steps:
              - uses: actions/checkout@v4
                with: {persist-credentials: false}
              - run: git clone https://${{ secrets.PAT }}@github.com/o/other
              - run: cd other && git push
          directory:
            runs-on: ubuntu-latest
            steps:
              - uses: actions/checkout@v4
                with: {persist-credentials: false}
              - run: git push
                working-directory: other
          cd:
            runs-on: ubuntu-latest
            steps:
              - uses: actions/checkout@v4
                with: {persist-credentials: false}
              - run: |
                  cd other
                  git push
    """),
}
UNREADABLE: dict[str, str] = {
    "empty": "",
    "a comment": "# nothing\n",
    "a tab": "on: push\njobs:\n\tbuild:\n\t\truns-on: x\n",
    "unclosed": "on: [push\njobs: {build: {",
    "two documents": "on: push\n---\njobs: {}\n",
    "a list": "- on: push\n- jobs\n",
    "words": "just words",
    "no jobs": "on: push\n",
    "an action": "name: x\nruns:\n  using: composite\n  steps:\n    - run: make\n      shell: bash\n",
    "jobs list": "on: push\njobs: [a, b]\n",
    "deep": "[" * 5000,
    "surrogate": "on: \ud800\n",
    "control": "on: \x00\n",
    "too large": "# " + "x" * (1 << 20) + "\n",
}
