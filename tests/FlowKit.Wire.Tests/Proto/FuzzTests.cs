using FlowKit.Tests;
using FlowKit.Wire.Proto;

namespace FlowKit.Wire.Tests.Proto;

/// <summary>Recorded messages with random damage: they are read or refused, in memory that the message's length bounds.</summary>
public sealed class FuzzTests
{
    private const int Damages = 200;
    private const int BytesForEachByte = 400;
    private const int BytesForAnError = 200_000;

    [SharedDataFact]
    public void Damaged_messages_are_read_or_refused()
    {
        var random = new Random(20);
        var refused = 0;
        foreach (var original in RecordedMessage.OfType("jina.DataRequestProto").Select(message => message.Bytes()).DistinctBy(Convert.ToHexString))
        {
            for (var i = 0; i < Damages; i++)
            {
                refused += IsRefused(Damage(original, random)) ? 1 : 0;
            }
        }

        Assert.InRange(refused, 1000, int.MaxValue);
    }

    [SharedDataFact]
    public void Messages_cut_anywhere_are_read_or_refused()
    {
        var smallest = RecordedMessage.OfType("jina.DataRequestProto").Select(message => message.Bytes()).DistinctBy(Convert.ToHexString).Where(bytes => bytes.Length < 1000);
        Assert.All(smallest, original =>
        {
            for (var length = 0; length < original.Length; length++)
            {
                IsRefused(original[..length]);
            }
        });
    }

    private static bool IsRefused(byte[] bytes)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            var request = DataRequestCodec.Read(bytes);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, BytesForAnError + ((long)BytesForEachByte * bytes.Length));
            DataRequestCodec.Read(Wire.Bytes(request));
            return false;
        }
        catch (FlowKitException exception) when (exception.Error.Code == FlowErrorCode.InvalidArgument)
        {
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, BytesForAnError + ((long)BytesForEachByte * bytes.Length));
            return true;
        }
    }

    private static byte[] Damage(byte[] original, Random random)
    {
        var bytes = original.ToList();
        for (var i = random.Next(1, 4); i > 0 && bytes.Count > 0; i--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.RemoveRange(at, random.Next(bytes.Count - at) + 1);
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(0, at));
                    break;
                default:
                    bytes.InsertRange(at, Enumerable.Repeat((byte)random.Next(256), random.Next(20)));
                    break;
            }
        }

        return [.. bytes];
    }
}
