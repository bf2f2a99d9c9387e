namespace EtcdMaint.Cmdlets;

internal static class CertificateCheck
{
    public static string SkippedWarning(string why) =>
        $"{why}: the servers' certificates are not checked, so whoever sits on the path can read and change everything.";
}
