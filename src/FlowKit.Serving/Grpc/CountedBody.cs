using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace FlowKit.Serving.Grpc;

/// <summary>Puts another reader before the body of a request.</summary>
/// <param name="reader">The reader.</param>
internal sealed class CountedBody(PipeReader reader) : IRequestBodyPipeFeature
{
    public PipeReader Reader => reader;
}
