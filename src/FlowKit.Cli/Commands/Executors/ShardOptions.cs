using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using FlowKit.Configuration.Executors;
using FlowKit.Configuration.Flow;
using FlowKit.Configuration.Launching;

namespace FlowKit.Cli.Commands.Executors;

/// <summary><c>--shard I --shards N</c>: the one shard of an executor that runs here.</summary>
internal sealed class ShardOptions
{
    private readonly Option<int?> _shard = new("--shard", "--shard-id")
    {
        Description =
            $"The shard that it is, from 0; {ExecutorVariables.Shard} where that is set. Calls that mean another one are refused.",
        DefaultValueFactory = Default,
    };

    private readonly Option<int> _shards = new("--shards")
    {
        Description = "The number of shards that there are.",
        DefaultValueFactory = _ => 1,
    };

    /// <param name="command">Gets both, and the check that they fit together.</param>
    public ShardOptions(Command command)
    {
        command.Add(_shard);
        command.Add(_shards);
        command.Validators.Add(Check);
    }

    /// <summary>Reads the number of shards.</summary>
    public int Count(ParseResult result) => result.GetRequiredValue(_shards);

    /// <summary>Makes the one executor of a flow the shard that is asked for.</summary>
    public FlowConfig Place(FlowConfig config, ParseResult result) =>
        result.GetValue(_shard) is { } shard ? config with { Executors = [config.Executors[0] with { ShardId = shard }] } : config;

    private static int? Default(ArgumentResult result) => ReadVariable(result.AddError);

    private static int? ReadVariable(Action<string> tell)
    {
        var text = Environment.GetEnvironmentVariable(ExecutorVariables.Shard);
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var shard))
        {
            return shard;
        }

        tell($"{ExecutorVariables.Shard}: expected the number of a shard, from 0, not '{text}'.");
        return null;
    }

    /// <summary>Checks both together; one that is not given has no value yet when this is asked.</summary>
    private void Check(CommandResult result)
    {
        var count = result.GetResult(_shards) is { Implicit: false } ? result.GetValue(_shards) : 1;
        var isGiven = result.GetResult(_shard) is { Implicit: false };
        var isWrong = false;
        var shard = isGiven ? result.GetValue(_shard) : ReadVariable(message => Refuse(message));
        if (isWrong)
        {
            return;
        }

        if (count is < 1 or > ExecutorConfig.MaxReplicas)
        {
            Refuse($"--shards: expected 1 to {ExecutorConfig.MaxReplicas}.");
        }
        else if (shard is { } index && (index < 0 || index >= count))
        {
            Refuse($"{(isGiven ? "--shard" : ExecutorVariables.Shard)}: expected 0 to {count - 1}, for {count} shards (--shards).");
        }
        else if (count > 1 && shard is null)
        {
            Refuse("--shards: which of them it is says '--shard'.");
        }

        void Refuse(string message)
        {
            isWrong = true;
            result.AddError(message);
        }
    }
}
