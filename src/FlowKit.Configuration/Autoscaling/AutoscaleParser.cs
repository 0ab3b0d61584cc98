using System.Diagnostics.CodeAnalysis;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Schema;
using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Autoscaling;

/// <summary>The way that replicas follow the load.</summary>
internal sealed class AutoscaleParser : ValueParser<AutoscaleConfig>
{
    public override bool TryRead(
        YamlNode node, string path, ConfigDiagnostics diagnostics, [MaybeNullWhen(false)] out AutoscaleConfig value)
    {
        value = null;
        if (node is not YamlMapping mapping)
        {
            diagnostics.Add(node.Place, path, $"expected a mapping such as '{{min: 1, max: 4, target: 2}}', not {node.Shown}");
            return false;
        }

        var values = AutoscaleKeys.Table.Read(mapping, path, diagnostics);
        var (min, max) = (values.Get(AutoscaleKeys.Min), values.Get(AutoscaleKeys.Max));
        if (!values.Has(AutoscaleKeys.Max))
        {
            diagnostics.Add(mapping.Place, path, "the key 'max' is missing; expected the most replicas that it may have");
            return false;
        }

        if (max < min)
        {
            // Where 'max' is wrong by itself, that is told already.
            if (max > 0)
            {
                diagnostics.Add(values.PlaceOf(AutoscaleKeys.Max), $"{path}.max", "expected at least as many as 'min'");
            }

            return false;
        }

        var wait = values.Get(AutoscaleKeys.TargetWait);
        value = new AutoscaleConfig(min, max)
        {
            Target = values.Get(AutoscaleKeys.Target),
            TargetWait = wait == Timeout.InfiniteTimeSpan ? null : wait,
            StabilizationWindow = Long(values.Get(AutoscaleKeys.StabilizationWindow)),
            CooldownPeriod = Long(values.Get(AutoscaleKeys.CooldownPeriod)),
        };
        return true;
    }

    private static TimeSpan Long(TimeSpan time) => time == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : time;
}
