// A page of metrics as a vLLM server gives it, shortened.
#ifndef SEMCACHED_TESTS_POLICY_VLLM_PAGE_H_
#define SEMCACHED_TESTS_POLICY_VLLM_PAGE_H_

#include <absl/strings/str_cat.h>

#include <string>

namespace semcached {

// One engine of the server.
struct VllmEngine {
  double running = 0;
  double waiting = 0;
  double cache = 0;                // use of the KV cache, [0,1]
  double first_tokens = 0;         // since the start
  double first_token_seconds = 0;  // that they took, all together
  std::string engine = "0";
  std::string model_name = "acme/chat-70b";

  // `cache_metric` is how its version calls the use of the cache.
  std::string Page(const std::string& cache_metric = "vllm:kv_cache_usage_perc") const {
    const std::string own = absl::StrCat("engine=\"", engine, "\",model_name=\"", model_name, "\"");
    const std::string labels = absl::StrCat("{", own, "} ");
    return absl::StrCat(
        "# HELP python_info Python platform information.\n"
        "# TYPE python_info gauge\n"
        "python_info{implementation=\"CPython\",major=\"3\"} 1.0\n"
        "# HELP vllm:num_requests_running Number of requests in model execution batches.\n"
        "# TYPE vllm:num_requests_running gauge\n"
        "vllm:num_requests_running",
        labels, running,
        "\n# HELP vllm:num_requests_waiting Number of requests waiting to be processed.\n"
        "# TYPE vllm:num_requests_waiting gauge\n"
        "vllm:num_requests_waiting",
        labels, waiting, "\nvllm:num_requests_waiting_by_reason{", own, ",reason=\"capacity\"} ",
        waiting, "\n# TYPE ", cache_metric, " gauge\n", cache_metric, labels, cache,
        "\n# TYPE vllm:prompt_tokens_total counter\nvllm:prompt_tokens_total", labels,
        "1.7537953e+09\n# TYPE vllm:time_to_first_token_seconds histogram\n"
        "vllm:time_to_first_token_seconds_bucket{",
        own, ",le=\"+Inf\"} ", first_tokens, "\nvllm:time_to_first_token_seconds_count", labels,
        first_tokens, "\nvllm:time_to_first_token_seconds_sum", labels, first_token_seconds,
        "\nvllm:time_to_first_token_seconds_created", labels, "1.7537953269e+09\n");
  }
};

}  // namespace semcached

#endif  // SEMCACHED_TESTS_POLICY_VLLM_PAGE_H_
