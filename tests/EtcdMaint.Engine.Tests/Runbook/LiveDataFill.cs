using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Runbook;

internal static class LiveDataFill
{
    /// <summary>Writes keys that all remain, until the cluster refuses more.</summary>
    public static async Task FillWithLiveDataAsync(this RealCluster real)
    {
        for (int i = 0; ; i++)
        {
            try
            {
                await real.Etcd.Loader.LoadAsync(
                    2_000_000,
                    1,
                    100_000,
                    $"live/{i}/",
                    cancellation: TestContext.Current.CancellationToken
                );
            }
            catch (GatewayException refused) when (refused.IsNoSpace)
            {
                return;
            }
        }
    }
}
