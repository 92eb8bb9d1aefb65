//! What is shipped for CI servers, run as they would run it: a job ends as the scan does.
#![cfg(unix)]
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "a test runs scripts and reads files")]
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use interdict_tests::{binary, command, goal, interdict, workspace};
use serde_json::Value;

const CLEAN: &str =
    r#"{"bomFormat":"CycloneDX","specVersion":"1.5","components":[{"type":"library","name":"zlib","version":"1.3"}]}"#;
const FLAGGED: &str = r#"{"bomFormat":"CycloneDX","specVersion":"1.5","components":[{"type":"library","name":
"Kaspersky Anti-Virus SDK","version":"8.9","supplier":{"name":"AO Kaspersky Lab"}}]}"#;

/// The action's script in a folder, with the path and these variables alone; its status and what it put out.
fn gate(at: &Path, variables: &[(&str, &str)]) -> (Option<i32>, String, String) {
    let binary = command(at, &[]).get_program().to_owned();
    let mut script = Command::new("bash");
    script.arg(workspace().join("integrations/github-gate.sh")).current_dir(at).env_clear();
    script.env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("GATE_BINARY", binary);
    script.env("GITHUB_OUTPUT", at.join("output")).env("GITHUB_STEP_SUMMARY", at.join("summary"));
    let output = script.envs(variables.iter().copied()).output().unwrap();
    let told = fs::read_to_string(at.join("output")).unwrap_or_default();
    (output.status.code(), told, String::from_utf8(output.stdout).unwrap())
}

#[test]
fn the_action_ends_as_the_scan_does_and_names_its_reports() {
    for (content, variables, want) in [
        (CLEAN, &[][..], Some(0)),
        (FLAGGED, &[("INTERDICT_PROFILE", "us-vendor")], Some(1)),
        (FLAGGED, &[("INTERDICT_PROFILE", "nobody")], Some(2)),
        (&CLEAN[..40], &[("INTERDICT_PROFILE", "")], Some(3)),
        (CLEAN, &[("INTERDICT_TARGETS", "gone.json")], Some(4)),
        (CLEAN, &[("GATE_BINARY", "/nowhere/interdict")], Some(127)),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        fs::write(at.join("bom.json"), content).unwrap();
        let variables = [&[("INTERDICT_TARGETS", "bom.json")], variables].concat();
        let (status, told, annotations) = gate(at, &variables);
        assert_eq!(status, want, "{variables:?}");
        let line = told.lines().next().unwrap();
        assert_eq!(line, format!("status={}", want.unwrap()));
        if status.is_some_and(|status| [0, 1, 3].contains(&status)) {
            let named: Vec<_> = told.lines().skip(1).map(|line| line.split_once('=').unwrap()).collect();
            assert_eq!(named.iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["json", "sarif", "html", "markdown"]);
            assert!(named.iter().all(|(_, file)| at.join(file).metadata().unwrap().len() > 0));
            assert!(fs::read_to_string(at.join("summary")).unwrap().starts_with("## interdict: "));
            assert!(annotations.lines().all(|line| line.starts_with("::")), "{annotations}");
        }
    }
}

#[test]
fn inputs_of_the_action_are_flags() {
    let action = fs::read_to_string(workspace().join("action.yml")).unwrap();
    let schema: Value = serde_json::from_slice(&interdict(&workspace(), &["config", "--schema"]).stdout).unwrap();
    let known: BTreeSet<&str> = schema["properties"].as_object().unwrap().keys().map(String::as_str).collect();
    let block = action.split("inputs:\n").nth(1).unwrap().split("outputs:\n").next().unwrap();
    let inputs: Vec<&str> =
        block.lines().filter_map(|line| line.trim().split_once(':')).map(|(name, _)| name).collect();
    assert!(inputs.len() > 10, "{inputs:?}");
    for input in inputs.iter().filter(|input| !["reports", "binary"].contains(input)) {
        assert!(known.contains(input), "{input} is no flag");
        let variable = format!("INTERDICT_{}: ${{{{ inputs.{input} }}}}", input.to_uppercase().replace('-', "_"));
        assert!(action.contains(&variable), "{variable}");
    }
    for output in ["status", "json", "sarif", "html", "markdown"] {
        assert!(action.contains(&format!("steps.gate.outputs.{output}")), "{output}");
    }
}

/// Most files that somebody commits are no SBOM; what is one, and what is broken, is told all the same.
#[test]
fn the_hook_lets_ordinary_files_pass() {
    let folder = tempfile::tempdir().unwrap();
    let hook = fs::read_to_string(workspace().join(".pre-commit-hooks.yaml")).unwrap();
    let entry = hook.split_once("entry: interdict ").unwrap().1.split_once('\n').unwrap().0.replace('\'', "");
    fs::write(folder.path().join("tsconfig.json"), "{\"compilerOptions\":{}}").unwrap();
    fs::write(folder.path().join("cut.json"), "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\",\"components\":[{")
        .unwrap();
    fs::write(folder.path().join("requirements.txt"), "kaspersky-scan-engine==1.2\n").unwrap();
    fs::create_dir(folder.path().join("dist")).unwrap();
    for (file, want) in [("tsconfig.json", 0), ("cut.json", 3), ("requirements.txt", 1), ("dist", 3)] {
        let line: Vec<&str> = entry.split(' ').chain([file]).collect();
        assert_eq!(interdict(folder.path(), &line).status.code(), Some(want), "{line:?}");
    }
}

#[test]
fn nothing_that_is_shipped_swallows_a_status() {
    let files = [
        "action.yml",
        ".pre-commit-hooks.yaml",
        "Containerfile",
        "integrations/github-gate.sh",
        "integrations/gitlab.yml",
        "docs/guide/gate.md",
    ];
    for file in files {
        let text = fs::read_to_string(workspace().join(file)).unwrap();
        for swallowed in
            ["|| true", "|| :", "allow_failure: true", "continue-on-error", "returnStatus", "continueOnError"]
        {
            assert!(!text.contains(swallowed), "{file}: {swallowed}");
        }
    }
    let script = fs::read_to_string(workspace().join("integrations/github-gate.sh")).unwrap();
    assert!(script.trim_end().ends_with("exit \"$status\""));
    let gitlab = fs::read_to_string(workspace().join("integrations/gitlab.yml")).unwrap();
    assert_eq!(gitlab.matches("- interdict scan ").count(), 1);
}

/// What is shipped for a server: its name, and the script that its runner is handed, in the way that runner starts one.
fn shipped() -> Vec<(&'static str, Vec<String>)> {
    let read = |file: &str| fs::read_to_string(workspace().join(file)).unwrap();
    let (guide, gitlab, hook) =
        (read("docs/guide/gate.md"), read("integrations/gitlab.yml"), read(".pre-commit-hooks.yaml"));
    let after = |text: &str, mark: &str, end: &str| {
        let (_, rest) = text.split_once(mark).unwrap();
        rest.split_once(end).unwrap().0.to_owned()
    };
    let words = |shell: &[&str], script: String| shell.iter().map(|word| (*word).to_owned()).chain([script]).collect();
    let action = workspace().join("integrations/github-gate.sh").display().to_string();
    assert!(read("action.yml").contains("run: bash \"$GITHUB_ACTION_PATH/integrations/github-gate.sh\""));
    vec![
        ("GitHub", words(&["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c"], format!("bash \"{action}\""))),
        ("GitLab", words(&["bash", "-c"], format!("set -eo pipefail\n{}", after(&gitlab, "  script:\n    - ", "\n")))),
        ("pre-commit", words(&["bash", "-c"], format!("exec {} dist/bom.json", after(&hook, "entry: ", "\n")))),
        ("Jenkins", words(&["sh", "-xec"], after(&guide, "steps { sh '", "' }"))),
        ("Azure", words(&["bash", "--noprofile", "--norc", "-c"], after(&guide, "- script: ", "\n"))),
    ]
}

#[test]
fn what_is_shipped_fails_the_job() {
    let died = "#!/bin/sh\nkill -SEGV $$\n";
    // What lies in the folder, what `interdict` is (none: the one that was built), and whether the job passes.
    let cases = [
        ("clean", CLEAN, Some(None), true),
        ("flagged", FLAGGED, Some(None), false),
        ("gap", &CLEAN[..40], Some(None), false),
        ("crash", CLEAN, Some(Some(died)), false),
        ("missing binary", CLEAN, None, false),
    ];
    let (mut failed, mut wrong) = (0, Vec::new());
    for (server, script) in shipped() {
        for (case, content, tool, passes) in &cases {
            let folder = tempfile::tempdir().unwrap();
            let at = folder.path();
            fs::create_dir_all(at.join("dist")).unwrap();
            fs::create_dir_all(at.join("tools")).unwrap();
            fs::write(at.join("dist/bom.json"), content).unwrap();
            match tool {
                Some(None) => std::os::unix::fs::symlink(binary(), at.join("tools/interdict")).unwrap(),
                Some(Some(text)) => {
                    fs::write(at.join("tools/interdict"), text).unwrap();
                    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
                    fs::set_permissions(at.join("tools/interdict"), mode).unwrap();
                }
                None => {}
            }
            let mut job = Command::new(&script[0]);
            job.args(&script[1..]).current_dir(at).env_clear();
            job.env("PATH", format!("{}/tools:/usr/bin:/bin", at.display())).env("INTERDICT_TARGETS", "dist");
            // Jenkins and Azure say it on the line, the others by a variable; the hook judges without one.
            if ["Jenkins", "Azure", "pre-commit"].contains(&server) {
                job.env_remove("INTERDICT_TARGETS");
            } else {
                job.env("INTERDICT_PROFILE", "us-vendor");
            }
            let output = job.output().unwrap();
            if output.status.success() != *passes {
                wrong.push(format!("{server}, {case}: {}", String::from_utf8_lossy(&output.stderr)));
            } else if !passes {
                failed += 1;
            }
        }
    }
    goal(
        "G5",
        &format!("{failed} of 20 jobs of 5 servers fail that must; wrong: {wrong:?}"),
        wrong.is_empty() && failed == 20,
    );
}
