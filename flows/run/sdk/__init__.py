"""The OpenAI Agents SDK: the only place where its Runner runs an agent."""
