using FlowKit.Configuration.Diagnostics;

namespace FlowKit.Configuration;

/// <summary>Whatever is done to a flow's text, reading gives a flow or the mistakes, never another exception.</summary>
public class MutatedFlowTests
{
    private const int Mutations = 2_000;
    private const string Pieces = "[]{}:,-?&*!|>'\"%@`#\n\t ~<$=0123456789.aenrstu_/\\\0\uFEFFé😀";

    [Fact]
    public void Two_thousand_mutations_give_a_flow_or_its_mistakes()
    {
        var random = new Random(20_240_901);
        var texts = FlowFiles.All("valid").Select(File.ReadAllText).ToArray();
        for (var count = 0; count < Mutations; count++)
        {
            var text = Mutate(texts[random.Next(texts.Length)], texts, random);
            try
            {
                FlowConfigReader.ReadText(text, "flow.yml", new FlowReadOptions { Environment = _ => "1", BaseDirectory = FlowFiles.Valid("") });
            }
            catch (FlowConfigException exception)
            {
                Assert.NotEmpty(exception.Errors);
            }
            catch (Exception exception)
            {
                Assert.Fail($"Mutation {count} threw {exception}\n{text}");
            }
        }
    }

    private static string Mutate(string text, string[] texts, Random random)
    {
        for (var step = random.Next(1, 6); step > 0 && text.Length > 0; step--)
        {
            var at = random.Next(text.Length);
            var length = Math.Min(random.Next(1, 20), text.Length - at);
            var other = texts[random.Next(texts.Length)];
            text = random.Next(5) switch
            {
                0 => text.Remove(at, length),
                1 => text.Insert(at, Pieces[random.Next(Pieces.Length)].ToString()),
                2 => text.Insert(at, text.Substring(at, length)),
                3 => text.Remove(at, 1).Insert(at, Pieces[random.Next(Pieces.Length)].ToString()),
                _ => text.Insert(at, other.Substring(random.Next(other.Length / 2), Math.Min(length, other.Length / 2))),
            };
        }

        return text;
    }
}
