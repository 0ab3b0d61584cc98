using System.Text.RegularExpressions;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Executors;
using FlowKit.Configuration.Flow;
using FlowKit.Configuration.Gateway;
using FlowKit.Configuration.Schema;
using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Substitution;

/// <summary>Replaces <c>${{ … }}</c> in every value. A value of the environment may be a secret: no message ever holds one.</summary>
internal sealed partial class VariableSubstitution(FlowReadOptions options, ConfigDiagnostics diagnostics)
{
    public YamlNode Apply(YamlNode node) => Apply(node, "");

    private YamlNode Apply(YamlNode node, string path) => node switch
    {
        YamlMapping mapping =>
            new YamlMapping(
                mapping.Place,
                [.. mapping.Entries.Select(entry => entry with { Value = Apply(entry.Value, KeyTable.Join(path, entry.Key)) })]),
        YamlSequence list =>
            new YamlSequence(list.Place, [.. list.Items.Select((item, index) => Apply(item, PathOf(path, item, index)))]),
        YamlScalar scalar => Apply(scalar, path),
        _ => node,
    };

    private static string PathOf(string path, YamlNode item, int index) =>
        FlowKeys.Executors.Names.Contains(path) ? ExecutorNames.PathOf(item, index) : $"{path}[{index}]";

    private YamlScalar Apply(YamlScalar scalar, string path)
    {
        var substituted = Substitute(scalar, path);
        if (IsVariable(path) && SecretValues.IsNamedSo(path[(path.LastIndexOf('.') + 1)..]))
        {
            SecretValues.Add(substituted.Value);
        }

        return substituted;
    }

    /// <summary>Tells whether a key is an entry of <c>env</c>.</summary>
    private static bool IsVariable(string path) =>
        path.StartsWith("env.", StringComparison.Ordinal) || path.Contains(".env.", StringComparison.Ordinal);

    private YamlScalar Substitute(YamlScalar scalar, string path)
    {
        scalar = SubstituteOld(scalar, path);
        if (!scalar.Value.Contains("${{", StringComparison.Ordinal))
        {
            return scalar;
        }

        var failed = false;
        var value = Variable().Replace(scalar.Value, match =>
        {
            var resolved = Resolve(match, scalar, path);
            failed |= resolved is null;
            return resolved ?? "";
        });
        return scalar.Substitute(failed ? scalar.Value : value, failed ? ScalarForm.Unresolved : ScalarForm.Substituted);
    }

    /// <summary>
    /// Reads Jina's old forms <c>$X</c> and <c>${X}</c>, as a local Jina does. What is not set stays as it is written, unless it is the
    /// whole value, or its beginning before a slash, where nobody means it so.
    /// </summary>
    private YamlScalar SubstituteOld(YamlScalar scalar, string path)
    {
        if (scalar.Form is ScalarForm.Unresolved || !scalar.Value.Contains('$', StringComparison.Ordinal))
        {
            return scalar;
        }

        var (isFound, isMissing) = (false, false);
        var value = OldForm().Replace(scalar.Value, match =>
        {
            var name = match.Groups["name"].Value;
            if (options.Environment(name) is not { } found)
            {
                isMissing |= scalar.Form != ScalarForm.Text && IsWhole(match, scalar.Value);
                return match.Value;
            }

            isFound = true;
            KeepSecret(name, found, path);
            return found;
        });
        if (isMissing)
        {
            var name = OldForm().Match(scalar.Value).Groups["name"].Value;
            diagnostics.Add(scalar.Place, path, $"the environment variable {name} is not set ({scalar.Shown})");
            return scalar.Substitute(scalar.Value, ScalarForm.Unresolved);
        }

        if (!isFound)
        {
            return scalar;
        }

        diagnostics.Warn(
            scalar.Place, path, $"Jina's old form {scalar.Shown} is read; write ${{{{ ENV.NAME }}}}, which no other text looks like");
        return scalar.Substitute(value, ScalarForm.Substituted);
    }

    private static bool IsWhole(Match match, string text) =>
        match.Index == 0 && (match.Length == text.Length || text[match.Length] == '/');

    private string? Resolve(Match match, YamlScalar scalar, string path)
    {
        if (!match.Groups["end"].Success)
        {
            diagnostics.Add(scalar.Place, path, "'${{' is not closed with '}}'");
            return null;
        }

        var reference = VariableReference.Parse(match.Groups["expression"].Value);
        var value = reference.Kind switch
        {
            VariableKind.Environment => options.Environment(reference.Name),
            VariableKind.Context => options.Context.GetValueOrDefault(reference.Name),
            _ => null,
        };
        if (value is null)
        {
            diagnostics.Add(scalar.Place, path, Explain(reference));
        }
        else if (reference.Kind == VariableKind.Environment)
        {
            KeepSecret(reference.Name, value, path);
        }

        return value;
    }

    private static void KeepSecret(string name, string value, string path)
    {
        if (!IsVariable(path) && !SecretValues.IsNamedSo(name))
        {
            return;
        }

        SecretValues.Add(value);
        if (SecretValues.IsNamedSo(name) || SecretValues.IsNamedSo(path[(path.LastIndexOf('.') + 1)..]))
        {
            // It is for the executor that the file gives it to, not for all that inherit the environment.
            SecretVariables.Add(name);
        }
    }

    private string Explain(VariableReference reference) => reference.Kind switch
    {
        VariableKind.Environment => $"the environment variable {reference.Name} is not set",
        VariableKind.Context => $"no context value '{reference.Name}' is given{NearestName.Hint(reference.Name, options.Context.Keys)}",
        VariableKind.Key =>
            $"not supported yet: references to other keys ('{YamlScalar.Shorten(reference.Name)}'); use ENV.NAME or CONTEXT.name",
        _ => $"'{YamlScalar.Shorten(reference.Name)}' is not a variable; expected ENV.NAME, CONTEXT.name or name",
    };

    [GeneratedRegex(@"\$\{\{(?<expression>[^{}]*)(?<end>\}\})?")]
    private static partial Regex Variable();

    [GeneratedRegex(@"\$(\{(?<name>[A-Za-z_][A-Za-z0-9_]*)\}|(?<name>[A-Za-z_][A-Za-z0-9_]*))")]
    private static partial Regex OldForm();
}
