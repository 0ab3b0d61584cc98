using System.CommandLine;
using System.CommandLine.Parsing;
using FlowKit.Configuration;
using FlowKit.Configuration.Flow;

namespace FlowKit.Cli.Commands;

/// <summary>The argument and the options of every command that reads a flow.</summary>
internal sealed class FlowOptions
{
    private readonly Argument<string> _flow = new("FLOW") { Description = "The flow's YAML file." };
    private readonly Option<string[]> _context = new("--context")
    {
        Description = "A value for ${{ CONTEXT.k }}, as k=v; may be repeated.",
        DefaultValueFactory = _ => [],
    };
    private readonly Option<string[]> _set = new("--set")
    {
        Description = "Overrides a key, as path=value, for example executors.encoder.replicas=2; may be repeated.",
        DefaultValueFactory = _ => [],
    };

    public FlowOptions(Command command)
    {
        _context.Validators.Add(RequirePairs);
        _set.Validators.Add(RequirePairs);
        command.Add(_flow);
        command.Add(_context);
        command.Add(_set);
    }

    /// <summary>Reads the flow.</summary>
    /// <param name="result">The parsed command line.</param>
    /// <param name="overrides">Further overrides, stronger than <c>--set</c>.</param>
    public FlowConfig Read(ParseResult result, params IEnumerable<KeyValuePair<string, string>> overrides) =>
        FlowConfigReader.Read(PathOf(result), ReadOptions(result, overrides));

    /// <summary>Returns the flow's file.</summary>
    public string PathOf(ParseResult result) => result.GetRequiredValue(_flow);

    /// <summary>Returns what the file may refer to, and what overrides it.</summary>
    public FlowReadOptions ReadOptions(ParseResult result, params IEnumerable<KeyValuePair<string, string>> overrides) => new()
    {
        Context = Pairs(result.GetRequiredValue(_context)),
        Overrides = Pairs(result.GetRequiredValue(_set))
            .Concat(overrides)
            .GroupBy(pair => pair.Key, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Last().Value, StringComparer.Ordinal),
    };

    private static Dictionary<string, string> Pairs(string[] values) =>
        values.Select(value => value.Split('=', 2))
            .GroupBy(pair => pair[0], StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Last()[1], StringComparer.Ordinal);

    private static void RequirePairs(OptionResult result)
    {
        foreach (var token in result.Tokens.Where(token => token.Value.IndexOf('=', StringComparison.Ordinal) < 1))
        {
            result.AddError($"{result.Option.Name}: '{token.Value}' is not of the form name=value.");
        }
    }
}
